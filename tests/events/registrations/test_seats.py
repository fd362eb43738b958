"""Never more confirmed than seats, under any load, and nobody lost."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.events.conftest import Add, ada


async def states(office: httpx.AsyncClient, event_id: str) -> Counter[str]:
    """How many registrations are in each state, from the list itself."""
    page = (await office.get(f"/v1/events/{event_id}/registrations", params={"limit": 500})).json()
    return Counter(item["state"] for item in page["items"])


class TestTakePlace:
    async def test_sells_no_seat_twice_when_64_come_at_once(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(capacity=20)
        path = f"/v1/events/{event['id']}/registrations"
        answers = await asyncio.gather(*(anybody.post(path, json=ada(number)) for number in range(64)))
        assert Counter(answer.status_code for answer in answers) == {201: 64}
        told = Counter(answer.json()["state"] for answer in answers)
        assert told == {"pending": 20, "waiting": 44} == await states(office, event["id"])
        seats = (await anybody.get(f"/v1/events/{event['id']}")).json()["seats"]
        assert (seats["confirmed"], seats["waiting"], seats["free"]) == (0, 44, 0)

    async def test_leaves_no_seat_empty_while_people_come_and_go(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(capacity=5)
        path = f"/v1/events/{event['id']}/registrations"
        first = [(await office.post(path, json=ada(number))).json()["id"] for number in range(5)]
        coming = (office.post(path, json=ada(number)) for number in range(5, 25))
        going = (office.post(f"{path}/{registration}/cancel") for registration in first)
        answers = await asyncio.gather(*coming, *going)
        assert {answer.status_code for answer in answers} <= {200, 201}
        assert await states(office, event["id"]) == {"confirmed": 5, "waiting": 15, "cancelled": 5}

    async def test_gives_one_person_one_place_from_two_tabs(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(capacity=20)
        path = f"/v1/events/{event['id']}/registrations"
        answers = await asyncio.gather(*(anybody.post(path, json=ada()) for _ in range(8)))
        assert {answer.status_code for answer in answers} == {201}
        assert await states(office, event["id"]) == {"pending": 1}

    async def test_is_the_database_s_own_rule(self, app: FastAPI, add: Add) -> None:
        event = await add(capacity=2)
        with pytest.raises(IntegrityError):
            async with app.state.database.write() as session:
                await session.execute(text("UPDATE events SET confirmed = 3"))
        assert event["seats"]["confirmed"] == 0


class TestWaitingList:
    async def queue(self, office: httpx.AsyncClient, event: dict[str, Any], people: int) -> list[dict[str, Any]]:
        path = f"/v1/events/{event['id']}/registrations"
        for number in range(people):
            assert (await office.post(path, json=ada(number))).status_code == 201
        items: list[dict[str, Any]] = (await office.get(path)).json()["items"]
        return items

    async def test_moves_up_in_order_when_somebody_cancels(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(capacity=2)
        items = await self.queue(office, event, 5)
        path = f"/v1/events/{event['id']}/registrations"
        answer = await office.post(f"{path}/{items[0]['id']}/cancel")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
        after = [item["state"] for item in (await office.get(path)).json()["items"]]
        assert after == ["cancelled", "confirmed", "confirmed", "waiting", "waiting"]

    async def test_closes_up_when_somebody_leaves_it(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(capacity=2)
        items = await self.queue(office, event, 4)
        path = f"/v1/events/{event['id']}/registrations"
        await office.post(f"{path}/{items[2]['id']}/cancel")
        seats = (await office.get(f"/v1/events/{event['id']}")).json()["seats"]
        assert seats == {"confirmed": 2, "held": 0, "waiting": 1, "free": 0}

    async def test_moves_up_when_capacity_grows(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(capacity=2)
        await self.queue(office, event, 5)
        match = {"If-Match": '"1"'}
        answer = await office.patch(f"/v1/events/{event['id']}", json={"capacity": 4}, headers=match)
        assert answer.json()["seats"] == {"confirmed": 4, "held": 0, "waiting": 1, "free": 0}
        answer = await office.patch(f"/v1/events/{event['id']}", json={"capacity": None}, headers={"If-Match": "*"})
        assert answer.json()["seats"] == {"confirmed": 5, "held": 0, "waiting": 0, "free": None}

    async def test_puts_whoever_comes_back_last_in_line(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(capacity=1)
        items = await self.queue(office, event, 3)
        path = f"/v1/events/{event['id']}/registrations"
        await office.post(f"{path}/{items[0]['id']}/cancel")
        assert (await office.post(path, json=ada(0))).json()["state"] == "waiting"
        order = [item["person"]["email"] for item in (await office.get(path)).json()["items"]]
        assert order == ["ada1@example.org", "ada2@example.org", "ada0@example.org"]

    async def test_refuses_fewer_seats_than_are_confirmed_with_both_numbers(
        self, office: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(capacity=3)
        await self.queue(office, event, 3)
        answer = await office.patch(f"/v1/events/{event['id']}", json={"capacity": 2}, headers={"If-Match": "*"})
        problem = answer.json()
        assert (answer.status_code, problem["confirmed"], problem["capacity"]) == (409, 3, 2)
