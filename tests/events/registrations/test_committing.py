"""Many at once: one transaction for all who wait, an answer of their own for each."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.main import create_app
from klaster_shared.testing.servers import calling, serving
from tests.events.conftest import NOW, Add, ada, contract
from tests.events.registrations.conftest import Crowd

PEOPLE = 150


async def columns(app: FastAPI, statement: str) -> list[tuple[Any, ...]]:
    async with app.state.database.read() as session:
        return [tuple(row) for row in (await session.execute(text(statement))).all()]


class TestBatches:
    async def test_carry_out_a_crowd_whole_with_messages_changes_and_answers(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=40))
        keys = [{"Idempotency-Key": f"tab-{number}"} for number in range(PEOPLE)]
        answers = await asyncio.gather(
            *(anybody.post(people.path, json=ada(number), headers=keys[number]) for number in range(PEOPLE))
        )
        told = Counter((answer.status_code, answer.json()["state"]) for answer in answers)
        assert told == {(201, "pending"): 40, (201, "waiting"): PEOPLE - 40}
        assert await people.seats() == {"confirmed": 0, "held": 40, "waiting": PEOPLE - 40, "free": 0}
        items = await people.items()
        assert sorted(item["ticket"] for item in items) == list(range(1, PEOPLE + 1))
        assert [item["state"] for item in items] == ["pending"] * 40 + ["waiting"] * (PEOPLE - 40)
        for table, where in {
            "messages": "kind = 'confirm_address'",
            "changes": "collection = 'registrations'",
            "idempotency_keys": "status = 201",
        }.items():
            assert await columns(app, f"SELECT count(*) FROM {table} WHERE {where}") == [(PEOPLE,)]
        again = await asyncio.gather(
            *(anybody.post(people.path, json=ada(number), headers=keys[number]) for number in range(0, PEOPLE, 10))
        )
        assert [answer.content for answer in again] == [answer.content for answer in answers[::10]]
        assert {answer.headers["idempotency-replayed"] for answer in again} == {"true"}
        assert await people.seats() == {"confirmed": 0, "held": 40, "waiting": PEOPLE - 40, "free": 0}

    async def test_answer_one_key_once_however_often_it_comes_at_once(
        self, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=40))
        key = {"Idempotency-Key": "one"}
        bodies = [ada(), ada(), ada(), ada(2), ada()]
        answers = await asyncio.gather(*(anybody.post(people.path, json=body, headers=key) for body in bodies))
        codes = [answer.json().get("code", answer.status_code) for answer in answers]
        # Which of them comes first is chance; what is another request under the same key is refused, or the others are.
        assert Counter(codes) in (
            Counter({201: 4, "idempotency_key_reused": 1}),
            Counter({201: 1, "idempotency_key_reused": 4}),
        )
        assert len(await people.items()) == 1

    async def test_refuse_what_is_wrong_and_nothing_beside_it(
        self, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        question = {"code": "bus", "kind": "yes_no", "label": {"pl": "Autobus", "en": "Bus"}, "required": True}
        people = crowd(await add(capacity=100, questions=[question]))
        bodies = [{**ada(n), "answers": {} if n % 3 == 0 else {"bus": True}} for n in range(30)]
        answers = await asyncio.gather(*(office.post(people.path, json=body) for body in bodies))
        assert [answer.status_code for answer in answers] == [422 if n % 3 == 0 else 201 for n in range(30)]
        wrong = answers[0].json()
        assert (wrong["errors"][0]["pointer"], wrong["instance"]) == ("/answers/bus", people.path)
        assert len(await people.items()) == 20

    async def test_log_each_under_whoever_asked(
        self,
        app: FastAPI,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        partner: httpx.AsyncClient,
        add: Add,
        crowd: Crowd,
    ) -> None:
        people = crowd(await add(capacity=100))
        callers = [office, anybody, partner] * 5
        await asyncio.gather(*(caller.post(people.path, json=ada(n)) for n, caller in enumerate(callers)))
        origins = {UUID(item["id"]): item["origin"] for item in await people.items()}
        logged = await columns(app, "SELECT record_id, actor_role FROM changes WHERE collection = 'registrations'")
        roles = {"office": "office", "self": "anonymous", "partner": "partner"}
        assert {UUID(record): role for record, role in logged} == {one: roles[of] for one, of in origins.items()}
        known = await columns(app, "SELECT actor_role, count(*) FROM changes WHERE collection = 'people' GROUP BY 1")
        assert dict(known) == {"office": 5, "anonymous": 5, "partner": 5}

    async def test_answer_a_crowd_that_came_for_nothing(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add())
        await office.post(f"/v1/events/{people.event_id}/cancel")
        answers = await asyncio.gather(*(anybody.post(people.path, json=ada(number)) for number in range(20)))
        assert {answer.json()["code"] for answer in answers} == {"wrong_event_state"}
        nowhere = f"/v1/events/{UUID(int=7)}/registrations"
        answers = await asyncio.gather(*(anybody.post(nowhere, json=ada(number)) for number in range(20)))
        assert {answer.json()["code"] for answer in answers} == {"event_not_found"}

    @pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
    async def test_of_several_processes_sell_no_seat_twice(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=30))
        async with AsyncExitStack() as stack:
            doors = []
            for _ in range(3):
                other = create_app(app.state.settings)
                other.state.clock = lambda: NOW
                other.openapi_schema = contract()
                url = await stack.enter_async_context(serving(other))
                doors.append(await stack.enter_async_context(calling(url, other, "anonymous")))
            # Everybody tries from two tabs, at two doors.
            asked = [(doors[n % 3], n) for n in range(90)] + [(doors[(n + 1) % 3], n) for n in range(90)]
            answers = await asyncio.gather(*(door.post(people.path, json=ada(n)) for door, n in asked))
        assert Counter(answer.status_code for answer in answers) == {201: 180}
        assert Counter(await people.states()) == {"pending": 30, "waiting": 60}
        assert await people.seats() == {"confirmed": 0, "held": 30, "waiting": 60, "free": 0}
