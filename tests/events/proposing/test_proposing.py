"""What grew here is proposed to the registry: once, when it answers, and whoever refuses it is heard."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.proposing.learning import learn_decisions
from klaster_events.proposing.models import Outgoing
from klaster_events.proposing.operations import propose, proposed
from klaster_events.proposing.schemas import Wish
from klaster_events.proposing.sending import send_proposals
from klaster_shared.identifiers import new_id
from tests.events.conftest import FOUNDATION, NOW, FakeRegistry

TITLE = {"pl": "Wspólny projekt", "en": "A project together"}
OUTGOING = "/v1/lsos/outgoing-proposals"


def wish() -> Wish:
    """A project that a meeting became."""
    one = new_id()
    change = {"title": TITLE, "partners": [{"entity": str(FOUNDATION)}], "source": "lsos", "source_key": str(one)}
    return Wish(id=one, about="meetings", entity_id=FOUNDATION, collection="projects", change=change)


async def want(app: FastAPI, *wishes: Wish) -> None:
    async with app.state.database.write() as session:
        for one in wishes:
            await propose(session, wish=one, now=NOW)


async def send(app: FastAPI, minutes: int = 0) -> dict[str, int]:
    return await send_proposals(app.state.database, app.state.registry, clock=lambda: NOW + timedelta(minutes=minutes))


async def fate(app: FastAPI, one: Wish) -> dict[str, Any]:
    async with app.state.database.read() as session:
        return (await proposed(session, ids=[one.id]))[one.id]


class TestSend:
    async def test_sends_each_once_in_the_name_of_its_entity(self, app: FastAPI, registry: FakeRegistry) -> None:
        one, other = wish(), wish()
        await want(app, one, other, one)
        assert await send(app) == {"sent": 2, "refused": 0, "away": 0}
        assert await send(app) == {"sent": 0, "refused": 0, "away": 0}
        taken = registry.proposals[str(one.id)]
        assert (taken["for"], taken["role"], len(registry.proposals)) == (str(FOUNDATION), "partner", 2)
        assert taken["body"]["target"] == {"collection": "projects", "id": None}
        found = await fate(app, one)
        assert (found["state"], str(found["proposal"])) == ("sent", taken["told"]["id"])
        assert found["record"] == f"/v1/projects/{taken['told']['target']['id']}"

    async def test_waits_for_a_registry_that_is_away(self, app: FastAPI, registry: FakeRegistry) -> None:
        one, other = wish(), wish()
        await want(app, one, other)
        registry.away = True
        assert await send(app) == {"sent": 0, "refused": 0, "away": 1}
        found = await fate(app, one)
        assert (found["state"], found["problem"]) == ("waiting", "registry answers 503")
        registry.away = False
        assert (await send(app))["sent"] == 1  # the other; the first has its pause
        assert (await send(app, minutes=5))["sent"] == 1
        assert (await fate(app, one))["problem"] is None

    async def test_that_was_killed_before_its_note_sends_again_under_the_same_key(
        self, app: FastAPI, registry: FakeRegistry
    ) -> None:
        one = wish()
        await want(app, one)
        before = await app.state.registry.propose(
            {"target": {"collection": "projects", "id": None}}, key=one.id, entity=FOUNDATION
        )
        assert (await send(app))["sent"] == 1
        assert (await fate(app, one))["proposal"] == before.id
        assert len(registry.proposals) == 1

    async def test_keeps_what_the_registry_says_of_what_it_refuses(
        self, app: FastAPI, registry: FakeRegistry, office: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        one = wish()
        await want(app, one)
        wrong = {"pointer": "/change/kinds/0", "code": "unknown_code", "detail": "There is no such kind"}
        registry.refusal = {"status": 422, "code": "invalid", "detail": "One value is wrong", "errors": [wrong]}
        assert (await send(app))["refused"] == 1
        [shown] = (await office.get(OUTGOING, params={"state": "refused"})).json()["items"]
        assert shown["problem"] == "invalid: One value is wrong (/change/kinds/0: There is no such kind)"
        assert (shown["id"], shown["entity"]["name"], shown["record"]) == (str(one.id), "Fundacja", None)
        assert (await anybody.get(OUTGOING)).status_code == 403

        registry.refusal = None
        assert (await send(app)) == {"sent": 0, "refused": 0, "away": 0}
        answer = await office.post(f"{OUTGOING}/{one.id}/resend")
        assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
        assert (await send(app))["sent"] == 1
        assert (await office.post(f"{OUTGOING}/{one.id}/resend")).json()["code"] == "not_refused"
        assert (await office.post(f"{OUTGOING}/{new_id()}/resend")).json()["code"] == "outgoing_not_found"

    async def test_asks_again_where_the_registry_does_not_know_the_token_yet(
        self, app: FastAPI, registry: FakeRegistry
    ) -> None:
        one = wish()
        await want(app, one)
        registry.refusal = {"status": 401, "code": "clock_skew", "detail": "Another time", "errors": []}
        assert (await send(app))["away"] == 1
        assert (await fate(app, one))["state"] == "waiting"


class Told:
    """Who was told of what."""

    def __init__(self) -> None:
        self.decisions: list[tuple[str, str]] = []

    async def __call__(self, _session: AsyncSession, outgoing: Outgoing, _now: datetime) -> None:
        self.decisions.append((str(outgoing.id), outgoing.state))


async def learn(app: FastAPI, told: Told, minutes: float = 0) -> dict[str, int]:
    clock = NOW + timedelta(minutes=minutes)
    return await learn_decisions(app.state.database, app.state.registry, tell=told, clock=lambda: clock)


class TestLearn:
    async def test_is_told_once_of_each_decision_with_what_the_office_says(
        self, app: FastAPI, registry: FakeRegistry, office: httpx.AsyncClient
    ) -> None:
        one, other, told = wish(), wish(), Told()
        await want(app, one, other)
        await send(app)
        registry.decides(str(one.id), "accepted", "Powodzenia")
        registry.decides(str(other.id), "rejected", "Jest już taki")

        assert await learn(app, told) == {"decided": 0, "undecided": 0, "away": 0}  # it was sent this moment
        assert await learn(app, told, minutes=1) == {"decided": 2, "undecided": 0, "away": 0}
        assert await learn(app, told, minutes=2) == {"decided": 0, "undecided": 0, "away": 0}

        assert sorted(told.decisions) == sorted([(str(one.id), "accepted"), (str(other.id), "rejected")])
        found = await fate(app, one)
        assert (found["state"], found["answer"], found["decided_at"]) == ("accepted", "Powodzenia", NOW)
        [shown] = (await office.get(OUTGOING, params={"state": "rejected"})).json()["items"]
        assert (shown["id"], shown["answer"]) == (str(other.id), "Jest już taki")

    async def test_asks_the_less_often_the_longer_an_office_takes(self, app: FastAPI, registry: FakeRegistry) -> None:
        one, told = wish(), Told()
        await want(app, one)
        await send(app)
        for minute in range(0, 24 * 60, 2):
            await learn(app, told, minutes=minute)
        looks = len(registry.asked)
        assert 40 < looks < 100  # a share of its age at first, half an hour later on
        registry.decides(str(one.id), "withdrawn")
        assert (await learn(app, told, minutes=24 * 60 + 31))["decided"] == 1
        assert told.decisions == [(str(one.id), "withdrawn")]

    async def test_goes_on_where_it_was_when_the_registry_was_away_or_knew_nothing_of_it(
        self, app: FastAPI, registry: FakeRegistry
    ) -> None:
        one, other, told = wish(), wish(), Told()
        await want(app, one, other)
        await send(app)
        registry.decides(str(other.id), "accepted")
        registry.away = True
        assert await learn(app, told, minutes=1) == {"decided": 0, "undecided": 0, "away": 1}
        registry.away = False
        forgotten = registry.proposals.pop(str(one.id))
        assert await learn(app, told, minutes=1) == {"decided": 1, "undecided": 1, "away": 0}
        assert (await fate(app, one))["state"] == "sent"
        registry.proposals[str(one.id)] = forgotten
        registry.decides(str(one.id), "accepted")
        assert (await learn(app, told, minutes=40))["decided"] == 1

    async def test_is_noted_once_by_two_workers_at_once(self, app: FastAPI, registry: FakeRegistry) -> None:
        wishes, told = [wish() for _ in range(5)], Told()
        await want(app, *wishes)
        await send(app)
        for one in wishes:
            registry.decides(str(one.id), "accepted")

        await asyncio.gather(learn(app, told, minutes=1), learn(app, told, minutes=1))

        assert sorted(told.decisions) == sorted((str(one.id), "accepted") for one in wishes)
