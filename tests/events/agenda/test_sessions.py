"""The agenda: sessions within their event, alone in their room, moved along with it."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.events.conftest import STARTUP, Add, FakeRegistry

OPENING = {
    "title": {"pl": "Otwarcie", "en": "Opening"},
    "starts_at": "2026-11-25T17:00:00+01:00",
    "ends_at": "2026-11-25T18:00:00+01:00",
    "room": "Sala A",
}
SPEAKERS = [{"name": "prof. Olga Wzorcowa", "affiliation": "Uniwersytet", "entity_id": str(STARTUP)}]


@pytest.fixture
async def path(add: Add) -> str:
    """Where the sessions of an event from 17 to 20 o'clock are."""
    return f"/v1/events/{(await add())['id']}/sessions"


async def taken(app: FastAPI, session_id: str, seats: int) -> None:
    """Seats of a session are taken elsewhere; here it is enough that they are."""
    async with app.state.database.write() as session:
        statement = text("UPDATE agenda_sessions SET taken = :seats WHERE title_en = 'Opening'")
        await session.execute(statement, {"seats": seats})


async def notices(app: FastAPI) -> list[tuple[str, dict[str, Any]]]:
    """What people are to be told so far."""
    async with app.state.database.read() as session:
        rows = (await session.execute(text("SELECT kind, context FROM notices ORDER BY created_at, id"))).all()
    return [(row.kind, row.context if isinstance(row.context, dict) else json.loads(row.context)) for row in rows]


class TestAdd:
    async def test_answers_with_the_session_and_keeps_no_names_for_replays(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, path: str
    ) -> None:
        body, key = {**OPENING, "speakers": SPEAKERS, "capacity": 40}, {"Idempotency-Key": "opening"}
        answer = await office.post(path, json=body, headers=key)
        assert answer.status_code == 201, answer.text
        assert (answer.json()["title"], answer.json()["seats"]) == ("Opening", {"taken": 0, "free": 40})
        assert "speakers" not in answer.json()
        assert (await office.post(path, json=body, headers=key)).json() == answer.json()
        found = await anybody.get(answer.headers["location"], headers={"Accept-Language": "pl"})
        assert found.headers["cache-control"] == "private, no-store"
        assert found.json()["title"] == "Otwarcie"
        [speaker] = found.json()["speakers"]
        assert (speaker["name"], speaker["entity"]["name"]) == ("prof. Olga Wzorcowa", "Cardiomatics")

    @pytest.mark.parametrize(
        ("wrong", "pointer", "code"),
        [
            ({"starts_at": "2026-11-25T16:00:00+01:00"}, "/starts_at", "outside_event"),
            ({"ends_at": "2026-11-25T21:00:00+01:00"}, "/ends_at", "outside_event"),
            ({"ends_at": "2026-11-25T17:00:00+01:00"}, "/ends_at", "in_order"),
            ({"room": "SALA a", "starts_at": "2026-11-25T17:30:00+01:00"}, "/room", "room_taken"),
            ({"speakers": [{"name": " "}]}, "/speakers/0/name", "string_too_short"),
            ({"speakers": [SPEAKERS[0], {"name": "Jan", "entity_id": str(uuid4())}]}, None, "unknown_entity"),
            ({"capacity": 0}, "/capacity", "greater_than_equal"),
        ],
    )
    async def test_refuses_what_cannot_be_with_its_place(
        self, office: httpx.AsyncClient, path: str, wrong: dict[str, Any], pointer: str | None, code: str
    ) -> None:
        await office.post(path, json=OPENING)
        answer = await office.post(path, json={**OPENING, **wrong})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (
            422,
            pointer or "/speakers/1/entity_id",
            code,
        )
        assert len((await office.get(path)).json()["items"]) == 1

    async def test_takes_one_of_two_that_want_the_same_room(self, office: httpx.AsyncClient, path: str) -> None:
        answers = await asyncio.gather(*(office.post(path, json=OPENING) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]

    async def test_takes_the_next_one_in_a_room_and_another_beside_it(
        self, office: httpx.AsyncClient, path: str
    ) -> None:
        next_one = {"starts_at": "2026-11-25T18:00:00+01:00", "ends_at": "2026-11-25T19:00:00+01:00"}
        for more in ({}, {"room": "Sala B"}, next_one, {"room": None}, {"room": None}):
            assert (await office.post(path, json={**OPENING, **more})).status_code == 201

    async def test_needs_no_registry_for_speakers_of_the_copy(
        self, office: httpx.AsyncClient, registry: FakeRegistry, path: str
    ) -> None:
        registry.away = True
        assert (await office.post(path, json={**OPENING, "speakers": SPEAKERS})).status_code == 201
        unknown = [{"name": "Jan", "entity_id": str(uuid4())}]
        assert (await office.post(path, json={**OPENING, "room": "B", "speakers": unknown})).status_code == 503

    async def test_is_for_the_office(self, anybody: httpx.AsyncClient, path: str) -> None:
        assert (await anybody.post(path, json=OPENING)).status_code == 403


class TestRead:
    async def test_goes_in_the_order_of_the_day_page_by_page(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, path: str
    ) -> None:
        assert (await anybody.get(path, params={"count": "true"})).json() == {"items": [], "next": None, "total": 0}
        for hour in ("19", "17", "18"):
            times = {"starts_at": f"2026-11-25T{hour}:00:00+01:00", "ends_at": f"2026-11-25T{hour}:30:00+01:00"}
            await office.post(path, json={**OPENING, **times})
        first = (await anybody.get(path, params={"limit": 2})).json()
        rest = (await anybody.get(path, params={"limit": 2, "cursor": first["next"]})).json()
        hours = [item["starts_at"][11:13] for item in (*first["items"], *rest["items"])]
        assert (hours, rest["next"]) == (["16", "17", "18"], None)

    async def test_of_an_event_that_is_not_for_everybody_shows_nobody_else(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add(visibility='partners'))['id']}/sessions"
        made = await office.post(path, json=OPENING)
        assert (await anybody.get(path)).json()["code"] == "event_not_found"
        assert (await anybody.get(made.headers["location"])).json()["code"] == "event_not_found"

    async def test_of_another_event_is_not_there(self, office: httpx.AsyncClient, add: Add, path: str) -> None:
        session_id = (await office.post(path, json=OPENING)).json()["id"]
        answer = await office.get(f"/v1/events/{(await add())['id']}/sessions/{session_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


class TestChange:
    async def test_needs_the_version_that_was_read(self, office: httpx.AsyncClient, path: str) -> None:
        location = (await office.post(path, json=OPENING)).headers["location"]
        assert (await office.patch(location, json={"room": "B"})).status_code == 428
        etag = (await office.get(location)).headers["etag"]
        changed = await office.patch(location, json={"room": "B", "speakers": SPEAKERS}, headers={"If-Match": etag})
        assert (changed.json()["room"], changed.json()["version"]) == ("B", 2)
        assert (await office.patch(location, json={"room": None}, headers={"If-Match": etag})).status_code == 412

    async def test_refuses_fewer_seats_than_are_taken_with_both_numbers(
        self, app: FastAPI, office: httpx.AsyncClient, path: str
    ) -> None:
        made = await office.post(path, json={**OPENING, "capacity": 5})
        await taken(app, made.json()["id"], 3)
        answer = await office.patch(made.headers["location"], json={"capacity": 2}, headers={"If-Match": "*"})
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["taken"], problem["capacity"]) == (
            409,
            "session_seats_taken",
            3,
            2,
        )

    async def test_tells_people_of_a_new_room_where_somebody_has_a_seat(
        self, app: FastAPI, office: httpx.AsyncClient, path: str
    ) -> None:
        made = await office.post(path, json={**OPENING, "capacity": 5, "speakers": SPEAKERS})
        await office.patch(made.headers["location"], json={"room": "B"}, headers={"If-Match": "*"})
        assert await notices(app) == []
        await taken(app, made.json()["id"], 1)
        await office.patch(made.headers["location"], json={"room": "C"}, headers={"If-Match": "*"})
        [(kind, context)] = await notices(app)
        assert (kind, context["changed"]) == ("changed", ["agenda"])
        assert (context["session"]["before"]["room"], context["session"]["after"]["room"]) == ("B", "C")
        assert "Wzorcowa" not in json.dumps(context)


class TestRemove:
    async def test_gives_up_the_seats_and_tells_people(
        self, app: FastAPI, office: httpx.AsyncClient, path: str
    ) -> None:
        made = await office.post(path, json={**OPENING, "capacity": 5})
        await taken(app, made.json()["id"], 2)
        assert (await office.delete(made.headers["location"])).status_code == 428
        assert (await office.delete(made.headers["location"], headers={"If-Match": "*"})).status_code == 204
        [(kind, context)] = await notices(app)
        assert (kind, context["session"]["after"]) == ("changed", None)
        assert (await office.get(path)).json()["items"] == []


class TestLog:
    async def test_says_that_the_agenda_is_another_and_never_who_speaks(
        self, app: FastAPI, office: httpx.AsyncClient, follower: httpx.AsyncClient, path: str
    ) -> None:
        made = await office.post(
            path, json={**OPENING, "speakers": SPEAKERS}, headers={"Idempotency-Key": "with a speaker"}
        )
        await office.patch(made.headers["location"], json={"speakers": []}, headers={"If-Match": "*"})
        feed = (await follower.get("/v1/events/changes")).json()["items"]
        assert [item["changed"] for item in feed if item["kind"] == "updated"] == [["agenda"], ["agenda"]]
        async with app.state.database.read() as session:
            kept = [
                *(await session.scalars(text("SELECT coalesce(record, '') FROM changes"))).all(),
                *(await session.scalars(text("SELECT coalesce(body, '') FROM idempotency_keys"))).all(),
            ]
        assert kept
        assert not any("Wzorcowa" in str(one) for one in kept)


class TestEvent:
    async def move(self, office: httpx.AsyncClient, path: str, starts_at: str, ends_at: str) -> httpx.Response:
        body = {"starts_at": starts_at, "ends_at": ends_at}
        return await office.patch(path.removesuffix("/sessions"), json=body, headers={"If-Match": "*"})

    async def test_takes_its_agenda_along_to_another_day(self, office: httpx.AsyncClient, path: str) -> None:
        await office.post(path, json=OPENING)
        moved = await self.move(office, path, "2026-12-01T09:00:00+01:00", "2026-12-01T12:00:00+01:00")
        assert moved.status_code == 200
        [item] = (await office.get(path)).json()["items"]
        assert (item["starts_at"], item["version"]) == ("2026-12-01T08:00:00Z", 2)

    async def test_that_only_begins_earlier_leaves_its_sessions_where_they_are(
        self, office: httpx.AsyncClient, path: str
    ) -> None:
        await office.post(path, json=OPENING)
        await self.move(office, path, "2026-11-25T16:00:00+01:00", "2026-11-25T20:00:00+01:00")
        [item] = (await office.get(path)).json()["items"]
        assert item["starts_at"] == "2026-11-25T16:00:00Z"

    async def test_that_would_leave_a_session_outside_is_refused(self, office: httpx.AsyncClient, path: str) -> None:
        await office.post(path, json=OPENING)
        answer = await self.move(office, path, "2026-11-25T17:00:00+01:00", "2026-11-25T17:30:00+01:00")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "agenda_outside")
        event = (await office.get(path.removesuffix("/sessions"))).json()
        assert (event["ends_at"], event["version"]) == ("2026-11-25T19:00:00Z", 2)

    async def test_that_is_deleted_takes_its_agenda_with_it(
        self, app: FastAPI, office: httpx.AsyncClient, path: str
    ) -> None:
        made = await office.post(path, json=OPENING)
        await office.delete(path.removesuffix("/sessions"), headers={"If-Match": "*"})
        async with app.state.database.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM agenda_sessions")) == 0
        assert UUID(made.json()["id"])
