"""The life of an event, and what people are told of it."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.events.conftest import Add, ada

ANYTHING = {"If-Match": "*"}
SPRING = {"starts_at": "2027-03-30T17:00:00+02:00", "ends_at": "2027-03-30T20:00:00+02:00"}


async def notices(app: FastAPI) -> list[tuple[str, dict[str, Any]]]:
    """What everybody concerned is to be told so far."""
    async with app.state.database.read() as session:
        rows = (await session.execute(text("SELECT kind, context FROM notices ORDER BY id"))).all()
    return [(row.kind, row.context if isinstance(row.context, dict) else json.loads(row.context)) for row in rows]


class TestPostpone:
    async def test_keeps_registrations_and_takes_no_new_ones(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add(capacity=20))['id']}"
        await office.post(f"{path}/registrations", json=ada())
        note = {"note": {"pl": "Wracamy wiosną.", "en": "Back in spring."}}
        postponed = (await office.post(f"{path}/postpone", json=note)).json()
        assert (postponed["state"], postponed["sequence"], postponed["seats"]["confirmed"]) == ("postponed", 1, 1)
        assert (await anybody.post(f"{path}/registrations", json=ada(2))).status_code == 409
        assert (await office.post(f"{path}/postpone")).json()["code"] == "wrong_event_state"
        assert (await office.post(f"{path}/complete")).json()["code"] == "wrong_event_state"
        [(kind, context)] = await notices(app)
        assert (kind, context["before"]["starts_at"]) == ("postponed", "2026-11-25T16:00:00Z")
        assert context["note"] == note["note"]

    async def test_leaves_new_times_to_be_told_with_their_news(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}"
        await office.post(f"{path}/postpone")
        answer = await office.patch(path, json=SPRING, headers=ANYTHING)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_event_state")
        assert (await office.patch(path, json={"place": "Kraków"}, headers=ANYTHING)).status_code == 200


class TestReschedule:
    async def test_publishes_it_again_with_its_people(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        await office.post(f"{path}/registrations", json=ada())
        await office.post(f"{path}/postpone")
        moved = (await office.post(f"{path}/reschedule", json={**SPRING, "place": "Kraków"})).json()
        assert (moved["state"], moved["starts_at"], moved["place"]) == ("published", "2027-03-30T15:00:00Z", "Kraków")
        assert (moved["sequence"], moved["seats"]["confirmed"]) == (2, 1)
        assert (await anybody.post(f"{path}/registrations", json=ada(2))).status_code == 201
        kind, context = (await notices(app))[-1]
        assert (kind, context["rescheduled"]) == ("changed", True)
        assert (context["before"]["starts_at"], context["after"]["starts_at"]) == (
            "2026-11-25T16:00:00Z",
            "2027-03-30T15:00:00Z",
        )

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"ends_at": "2027-03-30T17:00:00+02:00"}, "/ends_at"),
            ({"starts_at": "2026-11-01T17:00:00Z", "ends_at": "2026-11-01T18:00:00Z"}, "/ends_at"),
            ({"registration_until": "2027-04-30T17:00:00+02:00"}, "/registration_until"),
            ({"zone": "Europe/Cracow"}, "/zone"),
        ],
    )
    async def test_refuses_times_that_cannot_be(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add, wrong: dict[str, Any], pointer: str
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        assert (await office.post(f"{path}/reschedule", json=SPRING)).json()["code"] == "wrong_event_state"
        await office.post(f"{path}/postpone")
        answer = await office.post(f"{path}/reschedule", json={**SPRING, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
        assert (await office.get(path)).json()["state"] == "postponed"
        assert len(await notices(app)) == 1


class TestCancel:
    async def test_ends_what_was_postponed_and_tells_people(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        await office.post(f"{path}/postpone")
        cancelled = (await office.post(f"{path}/cancel")).json()
        assert (cancelled["state"], cancelled["sequence"]) == ("cancelled", 2)
        assert [kind for kind, _ in await notices(app)] == ["postponed", "cancelled"]
        for step in ("publish", "postpone", "cancel", "complete"):
            assert (await office.post(f"{path}/{step}")).json()["code"] == "wrong_event_state"


class TestNews:
    async def test_of_time_place_and_link_is_told_and_counted(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        link = "https://meet.example.org/secret"
        for change in ({"place": "Łódź"}, {"online": True, "online_url": link}, {"capacity": 9}, {"place": "Łódź"}):
            changed = (await office.patch(path, json=change, headers=ANYTHING)).json()
        assert (changed["sequence"], changed["version"]) == (2, 4)
        told = await notices(app)
        assert [(kind, context["changed"]) for kind, context in told] == [
            ("changed", ["place"]),
            ("changed", ["online", "online_url"]),
        ]
        assert (told[0][1]["before"]["place"], told[0][1]["after"]["place"]) == (None, "Łódź")
        assert link not in json.dumps(told)

    async def test_is_told_of_nothing_that_nobody_waits_for(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add, held: Add
    ) -> None:
        draft, over = await add(state="draft"), await held("2025-05-05")
        demonstration = await add(demonstration=True)
        for event in (draft, over, demonstration):
            await office.patch(f"/v1/events/{event['id']}", json={"place": "Łódź"}, headers=ANYTHING)
        await office.post(f"/v1/events/{draft['id']}/publish")
        await office.post(f"/v1/events/{demonstration['id']}/cancel")
        assert await notices(app) == []
        assert (await office.get(f"/v1/events/{draft['id']}")).json()["sequence"] == 0

    async def test_of_an_event_that_took_place_goes_to_who_took_part(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add()
        app.state.clock = lambda: datetime(2026, 11, 26, tzinfo=UTC)
        await office.post(f"/v1/events/{event['id']}/complete")
        assert [kind for kind, _ in await notices(app)] == ["completed"]
