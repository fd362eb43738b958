"""A laboratory is booked by slot: asked for, approved, used; and never given twice."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from klaster_events.bookings.steps import lapse_requests
from klaster_events.database import METADATA
from klaster_events.privacy.operations import erase_people
from tests.events.bookings.conftest import (
    BOOKINGS,
    HOSPITAL,
    LAB,
    RESOURCES,
    SERVICE,
    Book,
    booking_body,
    rule,
    rules,
    step,
)
from tests.events.bookings.conftest import wrong as refusal
from tests.events.conftest import NOW, STARTUP
from tests.events.figures.test_figures import figure, rows

SLOTS = f"{RESOURCES}/{LAB}/slots"
TOMORROW = {"from": "2026-11-25", "to": "2026-11-25"}


async def free(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    """The hours of tomorrow that are free, in UTC."""
    answer = await client.get(SLOTS, params={**TOMORROW, "free": "true", **asked})
    assert answer.status_code == 200, answer.text
    return [one["starts_at"][11:13] for one in answer.json()["items"]]


async def told(app: FastAPI) -> list[tuple[str, str]]:
    """What people are told of bookings: kind and state."""
    table = METADATA.tables["messages"]
    async with app.state.database.read() as session:
        found = (
            await session.execute(select(table.c.kind, table.c.state).order_by(table.c.created_at, table.c.id))
        ).all()
    return [(kind, state) for kind, state in found]


class TestBook:
    async def test_holds_the_time_from_the_request_on(
        self,
        app: FastAPI,
        anybody: httpx.AsyncClient,
        book: Book,
        startup: httpx.AsyncClient,
        stranger: httpx.AsyncClient,
    ) -> None:
        assert await free(anybody) == ["07", "08", "09", "10", "11", "12", "13", "14"]
        made = await book(9, hours=2)
        assert (made["state"], made["owner"]["name"], made["entity"]["name"]) == (
            "requested",
            "Fundacja",
            "Cardiomatics",
        )
        assert await free(anybody) == ["07", "10", "11", "12", "13", "14"]
        twice = await stranger.post(BOOKINGS, json=booking_body(10, entity=None))
        assert await refusal(twice) == (409, "slot_taken")
        assert sorted(await told(app)) == [("booking_received", "waiting"), ("booking_requested", "waiting")]

    async def test_is_approved_at_once_where_the_owner_says_so(self, owner: httpx.AsyncClient, book: Book) -> None:
        await rule(owner, approval="automatic")
        assert (await book())["state"] == "approved"

    async def test_says_what_is_wrong_and_writes_nothing(
        self, app: FastAPI, ruled: httpx.AsyncClient, owner: httpx.AsyncClient, startup: httpx.AsyncClient
    ) -> None:
        await rule(owner, notice_hours=2, horizon_days=30)
        day = "2026-11-25T"
        far = {"starts_at": "2027-01-04T09:00:00+01:00", "ends_at": "2027-01-04T10:00:00+01:00"}
        today = {"starts_at": "2026-11-24T11:00:00+01:00", "ends_at": "2026-11-24T12:00:00+01:00"}
        cases: list[tuple[dict[str, Any], tuple[int, str]]] = [
            ({"accepts_terms": None}, (422, "/accepts_terms")),
            ({"accepts_terms": 2}, (422, "/accepts_terms")),
            ({"starts_at": f"{day}09:15:00+01:00"}, (422, "/starts_at")),
            ({"starts_at": f"{day}05:00:00+01:00", "ends_at": f"{day}06:00:00+01:00"}, (422, "/starts_at")),
            ({"starts_at": f"{day}08:00:00+01:00", "ends_at": f"{day}14:00:00+01:00"}, (422, "/ends_at")),
            ({"ends_at": f"{day}09:00:00+01:00"}, (422, "/ends_at")),
            (today, (422, "/starts_at")),
            (far, (422, "/starts_at")),
            ({"person": {"name": "Ada", "email": "ada"}}, (422, "/person/email")),
            ({"entity": str(HOSPITAL)}, (403, "not_your_booking")),
            ({"resource": str(SERVICE)}, (409, "not_bookable")),
            ({"resource": str(HOSPITAL)}, (404, "resource_not_found")),
            ({"state": "used"}, (403, "forbidden")),
            ({"demonstration": True}, (403, "forbidden")),
        ]
        for said, expected in cases:
            answer = await startup.post(BOOKINGS, json=booking_body(**said))
            assert await refusal(answer) == expected, (said, answer.text)
        own = await owner.post(BOOKINGS, json=booking_body(entity=None))
        assert await refusal(own) == (409, "own_resource")
        await rule(owner, open=False)
        assert await refusal(await startup.post(BOOKINGS, json=booking_body())) == (409, "not_bookable")
        assert (await ruled.get(BOOKINGS, params={"count": "true"})).json()["total"] == 0
        assert await told(app) == []

    async def test_is_carried_out_once_under_its_key(self, book: Book, startup: httpx.AsyncClient) -> None:
        sent = {"json": booking_body(11), "headers": {"Idempotency-Key": "one"}}
        first, second = await startup.post(BOOKINGS, **sent), await startup.post(BOOKINGS, **sent)  # type: ignore[arg-type]
        assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())

    async def test_of_many_at_once_gives_each_hour_to_one(
        self, app: FastAPI, ruled: httpx.AsyncClient, startup: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        wishes = [
            client.post(BOOKINGS, json=booking_body(hour, hours=hours, entity=None))
            for hour, hours in ((9, 1), (9, 2), (10, 1), (10, 2), (9, 3))
            for client in (startup, stranger)
            for _ in range(2)
        ]
        answers = await asyncio.gather(*wishes)
        assert {answer.status_code for answer in answers} == {201, 409}
        made = (await ruled.get(BOOKINGS)).json()["items"]
        assert len(made) == sum(answer.status_code == 201 for answer in answers)
        held = Counter(hour for one in made for hour in range(int(one["starts_at"][11:13]), int(one["ends_at"][11:13])))
        assert set(held.values()) == {1}
        table = METADATA.tables["booking_slots"]
        async with app.state.database.read() as session:
            assert len((await session.execute(select(table))).all()) == 4 * len(held)

    async def test_and_rules_that_change_meanwhile_never_wait_in_a_circle(
        self, ruled: httpx.AsyncClient, owner: httpx.AsyncClient, startup: httpx.AsyncClient
    ) -> None:
        path = f"{RESOURCES}/{LAB}/booking-rules"
        changes = [
            owner.put(path, json=rules(notice_hours=number % 2), headers={"If-Match": "*"}) for number in range(8)
        ]
        wishes = [startup.post(BOOKINGS, json=booking_body(hour)) for hour in range(8, 16)]
        answers = await asyncio.gather(*(one for pair in zip(changes, wishes, strict=True) for one in pair))
        assert {answer.status_code for answer in answers} == {200, 201}

    async def test_is_refused_by_the_database_itself_whoever_writes(self, app: FastAPI, book: Book) -> None:
        await book()
        table = METADATA.tables["booking_slots"]
        async with app.state.database.read() as session:
            [held, *_] = (await session.execute(select(table))).mappings().all()
        with pytest.raises(IntegrityError):
            async with app.state.database.write() as session:
                await session.execute(insert(table), dict(held))

    async def test_of_an_older_grid_stands_in_the_way_of_the_new_one(
        self, owner: httpx.AsyncClient, startup: httpx.AsyncClient, anybody: httpx.AsyncClient, book: Book
    ) -> None:
        await book(9)
        await rule(owner, slot_minutes=90, hours=[{"weekday": 3, "from": "08:30", "to": "16:00"}])
        times = {"starts_at": "2026-11-25T08:30:00+01:00", "ends_at": "2026-11-25T10:00:00+01:00"}
        assert await refusal(await startup.post(BOOKINGS, json=booking_body(**times))) == (409, "slot_taken")
        assert await free(anybody) == ["09", "10", "12", "13"]


class TestSlots:
    async def test_are_free_where_a_booking_would_succeed(
        self, anybody: httpx.AsyncClient, owner: httpx.AsyncClient, ruled: httpx.AsyncClient
    ) -> None:
        today = {"from": "2026-11-24", "to": "2026-11-24"}
        assert await free(anybody, **today) == ["10", "11", "12", "13", "14"]  # it is ten
        await rule(owner, notice_hours=4)
        assert await free(anybody, **today) == ["13", "14"]
        weekend = await anybody.get(SLOTS, params={"from": "2026-11-28", "to": "2026-11-29"})
        assert weekend.json()["items"] == []
        week = (await anybody.get(SLOTS)).json()
        assert (len(week["items"]), week["slot_minutes"]) == (5 * 8, 60)

    async def test_are_asked_for_a_month_at_a_time_of_what_takes_bookings(
        self, anybody: httpx.AsyncClient, ruled: httpx.AsyncClient
    ) -> None:
        long = await anybody.get(SLOTS, params={"from": "2026-11-01", "to": "2026-12-31"})
        assert await refusal(long) == (422, "query/to")
        assert await refusal(await anybody.get(f"{RESOURCES}/{SERVICE}/slots")) == (409, "not_bookable")


class TestSteps:
    async def test_are_the_owner_s_and_the_office_s(
        self, book: Book, startup: httpx.AsyncClient, owner: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        made = await book()
        for verb in ("approve", "decline", "use"):
            assert await refusal(await step(startup, made, verb)) == (403, "not_your_booking")
            assert await refusal(await step(stranger, made, verb)) == (404, "booking_not_found")
        assert (await owner.post(f"{BOOKINGS}/{made['id']}/approve")).status_code == 428
        approved = await step(owner, made, "approve", note="Do zobaczenia")
        assert (approved.status_code, approved.json()["state"]) == (200, "approved")
        assert await refusal(await step(owner, made, "approve")) == (409, "wrong_booking_state")
        assert await refusal(await step(owner, made, "use")) == (409, "wrong_booking_state")

    async def test_that_end_it_give_the_time_back(
        self, anybody: httpx.AsyncClient, book: Book, startup: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        declined, cancelled = await book(9), await book(10)
        assert (await step(owner, declined, "decline", note="Serwis")).json()["ended_by"] == "owner"
        assert (await step(startup, cancelled, "cancel")).json()["ended_by"] == "booker"
        assert await free(anybody) == ["07", "08", "09", "10", "11", "12", "13", "14"]
        assert await refusal(await step(startup, cancelled, "cancel")) == (409, "wrong_booking_state")
        await book(9)

    async def test_come_by_themselves_where_nobody_answered_in_time(
        self, app: FastAPI, book: Book, ruled: httpx.AsyncClient
    ) -> None:
        made, later = await book(9), await book(12)
        assert await lapse_requests(app.state.database, now=NOW) == 0
        assert await lapse_requests(app.state.database, now=NOW + timedelta(hours=24)) == 1
        states = {one["id"]: (one["state"], one["ended_by"]) for one in (await ruled.get(BOOKINGS)).json()["items"]}
        assert states == {made["id"]: ("declined", "lapsed"), later["id"]: ("requested", None)}


class TestRead:
    async def test_shows_who_comes_to_both_sides_and_writes_the_look_down(
        self, book: Book, ruled: httpx.AsyncClient, startup: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        made = await book(purpose="Widma pięciu próbek")
        for client in (startup, owner, ruled):
            answer = await client.get(f"{BOOKINGS}/{made['id']}", params={"lang": "pl"})
            found = answer.json()
            assert answer.headers["cache-control"] == "private, no-store"
            assert (found["person"]["name"], found["purpose"]) == ("Ada Przykładowa", "Widma pięciu próbek")
            assert found["terms"] == {"version": 1, "text": "Szkolenie na miejscu"}
        held = (await ruled.get(f"/v1/privacy/people/{made['person_id']}", params={"reason": "asked"})).json()
        assert [look["shown"] for look in held["looks"]].count("booking") == 3
        assert [one["purpose"] for one in held["bookings"]] == ["Widma pięciu próbek"]

    async def test_lists_what_each_side_may_see(
        self,
        book: Book,
        ruled: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        owner: httpx.AsyncClient,
        stranger: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
    ) -> None:
        await book(9)
        await book(11)

        async def seen(client: httpx.AsyncClient, **asked: Any) -> int:
            return int((await client.get(BOOKINGS, params={"count": "true", **asked})).json()["total"])

        assert [await seen(client) for client in (ruled, startup, owner, stranger)] == [2, 2, 2, 0]
        assert [await seen(client, direction="received") for client in (startup, owner)] == [0, 2]
        assert await seen(ruled, entity=str(STARTUP), starts_from="2026-11-25", starts_to="2026-11-25") == 2
        assert await seen(ruled, starts_from="2026-11-26") == 0
        assert (await anybody.get(BOOKINGS)).status_code == 403
        page = (await startup.get(BOOKINGS, params={"limit": 1})).json()
        rest = (await startup.get(BOOKINGS, params={"limit": 1, "cursor": page["next"]})).json()
        assert [one["starts_at"][11:13] for one in page["items"] + rest["items"]] == ["10", "08"]
        assert "Ada" not in str(page)


class TestBlackouts:
    async def test_take_no_bookings_and_wait_for_those_that_stand(
        self,
        app: FastAPI,
        anybody: httpx.AsyncClient,
        book: Book,
        startup: httpx.AsyncClient,
        owner: httpx.AsyncClient,
    ) -> None:
        made = await book(10)
        path = f"{RESOURCES}/{LAB}/blackouts"
        said = {"starts_at": "2026-11-25T09:30:00+01:00", "ends_at": "2026-11-25T12:00:00+01:00", "note": "Serwis"}
        assert await refusal(await startup.post(path, json=said)) == (403, "not_your_resource")
        in_the_way = await owner.post(path, json=said)
        assert await refusal(in_the_way) == (409, "bookings_in_the_way")
        assert in_the_way.json()["bookings"] == [made["id"]]
        kept = await owner.post(path, json={**said, "cancel_bookings": True})
        assert kept.status_code == 201, kept.text
        assert await free(anybody) == ["07", "11", "12", "13", "14"]
        assert await refusal(await startup.post(BOOKINGS, json=booking_body(11))) == (409, "slot_taken")
        assert ("booking_cancelled", "waiting") in await told(app)
        listed = (await anybody.get(path, params={"count": "true"})).json()
        assert (listed["total"], listed["items"][0]["note"]) == (1, "Serwis")

        assert (await owner.delete(f"{path}/{kept.json()['id']}")).status_code == 204
        assert await refusal(await owner.delete(f"{path}/{kept.json()['id']}")) == (404, "blackout_not_found")
        await book(11)

    async def test_and_bookings_at_once_never_stand_in_one_time(
        self, ruled: httpx.AsyncClient, startup: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        path = f"{RESOURCES}/{LAB}/blackouts"
        times = {"starts_at": "2026-11-25T08:00:00+01:00", "ends_at": "2026-11-25T16:00:00+01:00"}
        wishes = [startup.post(BOOKINGS, json=booking_body(hour)) for hour in range(8, 16)]
        kept, *answers = await asyncio.gather(owner.post(path, json=times), *wishes)
        assert (kept.status_code == 201) == all(answer.status_code == 409 for answer in answers)


class TestForget:
    async def test_gives_back_what_is_to_come_and_keeps_the_number(
        self, app: FastAPI, anybody: httpx.AsyncClient, book: Book, ruled: httpx.AsyncClient
    ) -> None:
        made = await book(purpose="Widma")
        async with app.state.database.write() as session:
            await erase_people(session, ids=[UUID(made["person_id"])], reason="asked", now=NOW)
        found = (await ruled.get(f"{BOOKINGS}/{made['id']}")).json()
        assert (found["state"], found["ended_by"], found["purpose"]) == ("cancelled", "erased", None)
        assert found["person"] == {"id": made["person_id"], "name": None, "email": None}
        assert "08" in await free(anybody)


class TestFigure:
    async def test_counts_people_who_came_in_the_year_once(
        self, app: FastAPI, anybody: httpx.AsyncClient, book: Book, ruled: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        async def came(day: str, who: str, **more: Any) -> None:
            times = {"starts_at": f"{day}T10:00:00+01:00", "ends_at": f"{day}T11:00:00+01:00"}
            person = {"name": "Ewa", "email": f"{who}@example.org"}
            said = booking_body(person=person, state="used", accepts_terms=None, **times, **more)
            answer = await ruled.post(BOOKINGS, json=said)
            assert answer.status_code == 201, answer.text

        await came("2025-01-02", "ewa")
        await came("2025-03-02", "ewa")
        await came("2025-03-03", "jan", demonstration=True)
        await came("2024-12-31", "ola")
        found = await figure(anybody, "events.lsos.resource_users")
        assert (found["value"], found["participations"], found["demonstration"]) == (2, 3, 1)
        listed = await rows(ruled, found["rows"])
        assert (len(listed), len({row["person_id"] for row in listed})) == (3, 2)

        made = await book(9)
        await step(owner, made, "approve")
        app.state.clock = lambda: NOW + timedelta(days=2)
        assert (await figure(anybody, "events.lsos.resource_users", as_of="2026-12-31"))["value"] == 0
        assert (await step(owner, made, "use")).json()["state"] == "used"
        assert (await figure(anybody, "events.lsos.resource_users", as_of="2026-12-31"))["value"] == 1

    async def test_takes_no_past_that_is_not_over_or_was_booked_already(
        self, ruled: httpx.AsyncClient, book: Book
    ) -> None:
        await book(9)
        ahead = await ruled.post(BOOKINGS, json=booking_body(12, state="used"))
        assert await refusal(ahead) == (422, "/ends_at")
        times = {"starts_at": "2025-03-03T10:00:00Z", "ends_at": "2025-03-03T11:00:00Z"}
        body = booking_body(state="used", **times)
        assert (await ruled.post(BOOKINGS, json=body)).status_code == 201
        assert await refusal(await ruled.post(BOOKINGS, json=body)) == (409, "slot_taken")
