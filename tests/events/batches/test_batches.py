"""Many events and many sheets in one request: all of it is written, or nothing, and a refusal names its item."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from klaster_events.batches.schemas import MOST_EVENTS
from tests.events.conftest import FOUNDATION, Add, ada, event_body

SESSION = {
    "title": {"pl": "Otwarcie", "en": "Opening"},
    "starts_at": "2026-11-25T17:00:00+01:00",
    "ends_at": "2026-11-25T17:30:00+01:00",
}
PAST = {"starts_at": "2026-10-01T10:00:00+02:00", "ends_at": "2026-10-01T12:00:00+02:00", "state": "completed"}


def keyed(key: str, **properties: Any) -> dict[str, Any]:
    return event_body(key, source="archive", source_key=key, **properties)


async def titles(client: httpx.AsyncClient) -> list[str]:
    return [event["title"] for event in (await client.get("/v1/events", params={"lang": "pl"})).json()["items"]]


class TestCreateEvents:
    async def test_adds_all_with_their_agendas_in_the_order_sent(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        items = [keyed("b", agenda=[SESSION]), keyed("a", **PAST), keyed("c", organiser=str(FOUNDATION))]

        answer = await office.post("/v1/events/batch", json={"items": items})

        assert answer.status_code == 201, answer.text
        made = answer.json()["items"]
        assert [(one["source"], one["source_key"]) for one in made] == [("archive", key) for key in "bac"]
        sessions = (await anybody.get(f"/v1/events/{made[0]['id']}/sessions")).json()["items"]
        assert [one["starts_at"] for one in sessions] == ["2026-11-25T16:00:00Z"]
        assert (await anybody.get(f"/v1/events/{made[1]['id']}")).json()["state"] == "completed"

    async def test_writes_nothing_where_one_item_is_refused_and_says_which(self, office: httpx.AsyncClient) -> None:
        outside = {**SESSION, "starts_at": "2026-11-26T17:00:00+01:00", "ends_at": "2026-11-26T18:00:00+01:00"}
        wrong: list[tuple[dict[str, Any], int, str]] = [
            (keyed("a"), 409, "/items/1"),
            (keyed("b", type="unknown"), 422, "/items/1/type"),
            (keyed("b", organiser=str(uuid4())), 422, "/items/1/organiser"),
            (keyed("b", agenda=[SESSION, outside]), 422, "/items/1/agenda/1"),
            (keyed("b", zone="Nowhere"), 422, "/items/1/zone"),
        ]
        for item, status, pointer in wrong:
            answer = await office.post("/v1/events/batch", json={"items": [keyed("a"), item]})
            assert answer.status_code == status, answer.text
            assert answer.json()["errors"][0]["pointer"].startswith(pointer)
            assert await titles(office) == []

    async def test_takes_a_bounded_number_and_never_none(self, office: httpx.AsyncClient) -> None:
        for count in (0, MOST_EVENTS + 1):
            answer = await office.post("/v1/events/batch", json={"items": [keyed(str(n)) for n in range(count)]})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/items")

    async def test_is_carried_out_once_under_one_key(self, office: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": str(uuid4())}
        answers = [await office.post("/v1/events/batch", json={"items": [keyed("a")]}, headers=headers) for _ in "12"]
        assert answers[0].json() == answers[1].json()
        assert await titles(office) == ["a"]

    async def test_is_for_the_office(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.post("/v1/events/batch", json={"items": [keyed("a")]})).status_code == 403


class TestRecordSheets:
    async def test_counts_who_came_to_each(self, office: httpx.AsyncClient, held: Add) -> None:
        events = [await held(day) for day in ("2026-10-01", "2026-10-02")]
        items = [
            {"event_id": event["id"], "people": [{"person": ada(n)} for n in range(count)]}
            for event, count in zip(events, (2, 3), strict=True)
        ]

        first = await office.post("/v1/events/attendance/batch", json={"items": items})
        again = await office.post("/v1/events/attendance/batch", json={"items": items})

        assert [(one["recorded"], one["present"]) for one in first.json()["items"]] == [(2, 2), (3, 3)]
        assert [(one["recorded"], one["unchanged"]) for one in again.json()["items"]] == [(0, 2), (0, 3)]

    async def test_writes_nothing_where_one_sheet_is_refused(
        self, office: httpx.AsyncClient, held: Add, add: Add
    ) -> None:
        past, tomorrow = await held("2026-10-01"), await add()
        line = {"person": ada()}
        wrong: list[tuple[dict[str, Any], int, str]] = [
            ({"event_id": tomorrow["id"], "people": [line]}, 409, "/items/1"),
            ({"event_id": str(uuid4()), "people": [line]}, 404, "/items/1"),
            ({"event_id": past["id"], "people": [{"registration_id": str(uuid4())}]}, 422, "/items/1/people/0"),
            (
                {"event_id": past["id"], "people": [line, {"person": ada(2), "entity_id": str(uuid4())}]},
                422,
                "/items/1/people/1/entity_id",
            ),
        ]
        for sheet, status, pointer in wrong:
            items = [{"event_id": past["id"], "people": [line]}, sheet]
            answer = await office.post("/v1/events/attendance/batch", json={"items": items})
            assert answer.status_code == status, answer.text
            assert answer.json()["errors"][0]["pointer"].startswith(pointer)
        assert (await office.get(f"/v1/events/{past['id']}")).json()["present"] == 0

    async def test_is_written_beside_another_that_names_the_same_people_the_other_way_round(
        self, office: httpx.AsyncClient, held: Add
    ) -> None:
        events = [await held(f"2026-10-0{day}") for day in (1, 2, 3, 4)]
        people = [{"person": ada(n)} for n in range(20)]
        parts = [people[:10], people[10:]]

        def batch(order: int) -> dict[str, Any]:
            sheets = [{"event_id": event["id"], "people": parts[(at + order) % 2]} for at, event in enumerate(events)]
            return {"items": sheets[:: -1 if order else 1]}

        sent = [office.post("/v1/events/attendance/batch", json=batch(order)) for order in (0, 1, 0, 1)]
        answers = await asyncio.gather(*sent)

        assert [answer.status_code for answer in answers] == [200] * 4
        assert [(await office.get(f"/v1/events/{event['id']}")).json()["present"] for event in events] == [20] * 4
