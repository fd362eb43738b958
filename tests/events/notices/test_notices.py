"""What happens to an event reaches everybody concerned, and nobody twice."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.attendance.models import Attendance
from klaster_events.messages.delivery import deliver
from klaster_events.notices.operations import expand_notices, remind
from klaster_shared.identifiers import new_id
from tests.events.conftest import NOW, Add
from tests.events.mailing import Clock, Outbox, mail_server


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    """The service's people and messages."""
    return Outbox(app.state.database, Clock())


async def crowd(outbox: Outbox, event_id: str, number: int, **more: Any) -> None:
    """So many people with a seat."""
    for ticket in range(1, number + 1):
        await outbox.register(event_id, email=f"ada{ticket}@example.org", ticket=ticket, **more)


async def told(outbox: Outbox, kind: str) -> list[UUID]:
    """Whom a message of a kind is for."""
    return [message.person_id for message in await outbox.messages() if message.kind == kind]


class TestExpand:
    async def test_tells_everybody_of_a_cancelled_event_once(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        await crowd(outbox, event["id"], 30)
        assert (await office.post(f"/v1/events/{event['id']}/cancel")).status_code == 200
        assert await expand_notices(outbox.database, clock=outbox.clock, batch=7) == 30
        assert await expand_notices(outbox.database, clock=outbox.clock, batch=7) == 0
        people = await told(outbox, "cancelled")
        assert len(people) == len(set(people)) == 30

    async def test_goes_on_where_a_killed_worker_left_off(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        await crowd(outbox, event["id"], 12)
        await office.post(f"/v1/events/{event['id']}/cancel")
        await expand_notices(outbox.database, clock=outbox.clock, batch=5)
        async with outbox.database.write() as session:  # as if it had been killed before the last batch
            await session.execute(
                text("DELETE FROM messages WHERE id = (SELECT id FROM messages ORDER BY id DESC LIMIT 1)")
            )
            await session.execute(text("UPDATE notices SET told_at = NULL"))
        await expand_notices(outbox.database, clock=outbox.clock, batch=5)
        people = await told(outbox, "cancelled")
        assert len(people) == len(set(people)) == 12

    async def test_tells_nobody_twice_where_several_work(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        await crowd(outbox, event["id"], 20)
        await office.post(f"/v1/events/{event['id']}/postpone", json={})
        await asyncio.gather(*(expand_notices(outbox.database, clock=outbox.clock, batch=3) for _ in range(3)))
        await expand_notices(outbox.database, clock=outbox.clock)
        people = await told(outbox, "postponed")
        assert len(people) == len(set(people)) == 20

    async def test_leaves_out_those_who_left_and_addresses_that_nobody_confirmed(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        stays = await outbox.register(event["id"], email="stays@example.org", ticket=1)
        waits = await outbox.register(event["id"], email="waits@example.org", ticket=2, state="waiting")
        await outbox.register(event["id"], email="left@example.org", ticket=3, state="cancelled")
        await outbox.register(event["id"], email="new@example.org", ticket=4, state="pending", verified=False)
        await office.post(f"/v1/events/{event['id']}/cancel")
        await expand_notices(outbox.database, clock=outbox.clock)
        assert sorted(await told(outbox, "cancelled")) == sorted([stays.person_id, waits.person_id])

    async def test_tells_of_a_new_online_link_only_those_who_may_know_it(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add(online=True, online_url="https://meet.example/1")
        seated = await outbox.register(event["id"], email="seated@example.org", ticket=1)
        await outbox.register(event["id"], email="waits@example.org", ticket=2, state="waiting")
        change = {"online_url": "https://meet.example/2"}
        answer = await office.patch(f"/v1/events/{event['id']}", json=change, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        await expand_notices(outbox.database, clock=outbox.clock)
        assert await told(outbox, "changed") == [seated.person_id]

    async def test_thanks_those_who_came(self, office: httpx.AsyncClient, outbox: Outbox, held: Any) -> None:
        event = await held("2026-11-20", state="published")
        came = await outbox.register(event["id"], email="came@example.org", ticket=1)
        await outbox.register(event["id"], email="did-not@example.org", ticket=2)
        assert (await office.post(f"/v1/events/{event['id']}/complete")).status_code == 200
        await expand_notices(outbox.database, clock=outbox.clock)
        assert await told(outbox, "completed") == []  # nobody has written down yet who came
        async with outbox.database.write() as session:
            session.add(
                Attendance(
                    id=new_id(),
                    event_id=UUID(event["id"]),
                    person_id=came.person_id,
                    registration_id=came.id,
                    present=True,
                    recorded_at=NOW,
                )
            )
        await expand_notices(outbox.database, clock=outbox.clock)
        assert await told(outbox, "completed") == [came.person_id]

    async def test_reaches_three_hundred_of_a_cancelled_event(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        await crowd(outbox, event["id"], 300)
        await office.post(f"/v1/events/{event['id']}/cancel")
        async with mail_server() as box:
            await expand_notices(outbox.database, clock=outbox.clock)
            assert await deliver(outbox.post(box.server, connections=2)) == {"sent": 300}
        assert len(box.recipients) == len(set(box.recipients)) == 300
        assert box.connections <= 2


class TestRemind:
    async def test_reminds_those_who_have_a_seat_once_within_a_day_of_the_beginning(
        self, outbox: Outbox, add: Add
    ) -> None:
        event = await add()  # begins in 31 hours
        long_ago = NOW - timedelta(days=3)
        seated = await outbox.register(event["id"], email="seated@example.org", ticket=1, created_at=long_ago)
        await outbox.register(event["id"], email="waits@example.org", ticket=2, state="waiting", created_at=long_ago)
        assert await remind(outbox.database, hours=24, now=NOW) == 0
        near = NOW + timedelta(hours=8)
        assert await remind(outbox.database, hours=24, now=near) == 1
        assert await remind(outbox.database, hours=24, now=near + timedelta(minutes=10)) == 0
        assert await told(outbox, "reminder") == [seated.person_id]

    async def test_leaves_alone_whoever_registered_within_that_day(self, outbox: Outbox, add: Add) -> None:
        event = await add()
        near = NOW + timedelta(hours=8)
        await outbox.register(event["id"], created_at=near)
        assert await remind(outbox.database, hours=24, now=near) == 0

    async def test_reminds_of_nothing_that_is_cancelled(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        await outbox.register(event["id"], created_at=NOW - timedelta(days=3))
        await office.post(f"/v1/events/{event['id']}/cancel")
        assert await remind(outbox.database, hours=24, now=NOW + timedelta(hours=8)) == 0
