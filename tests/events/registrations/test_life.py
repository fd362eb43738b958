"""The life of a registration: what holds a seat, who is next, and what people are told on the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.registrations.expiring import expire_in_batches
from klaster_events.registrations.operations import accept_offer, decline_offer
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, NOW, STARTUP, Add, ada
from tests.events.registrations.conftest import Crowd

NEXT_MONTH = {"starts_at": "2026-12-20T17:00:00+01:00", "ends_at": "2026-12-20T20:00:00+01:00"}


class TestVerify:
    async def test_holds_the_seat_until_the_link_is_followed(
        self, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=2))
        placed = (await anybody.post(people.path, json=ada())).json()
        assert (placed["state"], placed["expires_at"]) == ("pending", "2026-11-25T09:00:00Z")
        assert await people.seats() == {"confirmed": 0, "held": 1, "waiting": 0, "free": 1}
        for _ in range(2):  # mail programs follow links, and people click twice
            await people.confirm("ada@example.org")
        assert await people.seats() == {"confirmed": 1, "held": 0, "waiting": 0, "free": 1}
        assert await people.told("ada@example.org") == ["confirm_address", "confirmed"]

    async def test_lets_nobody_move_up_whose_address_is_not_confirmed(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=1))
        await office.post(people.path, json=ada(0))
        for number in (1, 2):
            await anybody.post(people.path, json=ada(number))
        await people.confirm("ada2@example.org")
        await people.do("ada0@example.org", "cancel")
        assert await people.states() == ["cancelled", "waiting", "confirmed"]
        await people.do("ada2@example.org", "cancel")
        assert (await people.seats())["free"] == 1  # nobody else may have it yet
        await people.confirm("ada1@example.org")
        assert (await people.one("ada1@example.org"))["state"] == "confirmed"
        assert await people.told("ada1@example.org") == ["confirm_address", "moved_up"]

    async def test_never_asks_for_an_answer_after_the_event_has_begun(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, later: Callable[..., datetime], crowd: Crowd
    ) -> None:
        people = crowd(await add())
        later(hours=20)
        placed = (await anybody.post(people.path, json=ada())).json()
        assert placed["expires_at"] == "2026-11-25T16:00:00Z"


class TestExpire:
    async def test_gives_the_seat_to_whoever_is_next(
        self,
        app: FastAPI,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        add: Add,
        later: Callable[..., datetime],
        crowd: Crowd,
    ) -> None:
        people = crowd(await add(capacity=1, **NEXT_MONTH))
        await anybody.post(people.path, json=ada(0))
        await office.post(people.path, json=ada(1))
        await people.all_sent()
        assert await expire_in_batches(app.state.database, now=later(hours=23)) == 0
        assert await expire_in_batches(app.state.database, now=later(hours=2)) == 1
        first, second = await people.items()
        assert (first["state"], first["ended_by"], second["state"]) == ("cancelled", "expired", "confirmed")
        assert await people.told("ada1@example.org") == ["waiting", "moved_up"]
        assert await people.seats() == {"confirmed": 1, "held": 0, "waiting": 0, "free": 0}

    async def test_waits_for_the_message_and_gives_its_full_time(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, later: Callable[..., datetime], crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=1, **NEXT_MONTH))
        await anybody.post(people.path, json=ada())
        database = app.state.database
        assert await expire_in_batches(database, now=later(days=3)) == 0  # the mail server hangs
        assert await people.states() == ["pending"]
        await people.all_sent(later(hours=1))
        await expire_in_batches(database, now=later(hours=23))
        assert (await people.one("ada@example.org"))["expires_at"] == "2026-11-28T10:00:00Z"
        await expire_in_batches(database, now=later(hours=2))
        assert await people.states() == ["cancelled"]

    async def test_ends_what_waits_unconfirmed_too(
        self,
        app: FastAPI,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        add: Add,
        later: Callable[..., datetime],
        crowd: Crowd,
    ) -> None:
        people = crowd(await add(capacity=1, **NEXT_MONTH))
        await office.post(people.path, json=ada(0))
        await anybody.post(people.path, json=ada(1))
        await people.all_sent()
        await expire_in_batches(app.state.database, now=later(days=2))
        assert await people.states() == ["confirmed", "cancelled"]
        assert await people.seats() == {"confirmed": 1, "held": 0, "waiting": 0, "free": 0}


class TestOffer:
    async def queue(self, office: httpx.AsyncClient, add: Add, crowd: Crowd) -> Any:
        people = crowd(await add(capacity=1, offer_hours=12, **NEXT_MONTH))
        for number in range(3):
            await office.post(people.path, json=ada(number))
        await people.do("ada0@example.org", "cancel")
        return people

    async def test_holds_the_freed_seat_for_the_first_in_line(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = await self.queue(office, add, crowd)
        offered = await people.one("ada1@example.org")
        assert (offered["state"], offered["expires_at"]) == ("offered", "2026-11-24T21:00:00Z")
        assert await people.seats() == {"confirmed": 0, "held": 1, "waiting": 1, "free": 0}
        for _ in range(2):
            async with app.state.database.write() as session:
                await accept_offer(session, registration_id=UUID(offered["id"]), now=NOW)
        assert await people.states() == ["cancelled", "confirmed", "waiting"]
        assert await people.told("ada1@example.org") == ["waiting", "offer", "confirmed"]

    @pytest.mark.parametrize("how", ["declined", "over"])
    async def test_goes_to_the_next_one_when_it_is_not_taken(
        self,
        app: FastAPI,
        office: httpx.AsyncClient,
        add: Add,
        later: Callable[..., datetime],
        crowd: Crowd,
        how: str,
    ) -> None:
        people = await self.queue(office, add, crowd)
        await people.all_sent()
        offered = await people.one("ada1@example.org")
        if how == "declined":
            async with app.state.database.write() as session:
                await decline_offer(session, registration_id=UUID(offered["id"]), now=NOW)
        else:
            await expire_in_batches(app.state.database, now=later(hours=13))
        assert await people.states() == ["cancelled", "cancelled", "offered"]
        last = {"declined": "registration_cancelled", "over": "offer_expired"}[how]
        assert await people.told("ada1@example.org") == ["waiting", "offer", last]

    async def test_of_more_seats_goes_to_as_many(self, office: httpx.AsyncClient, add: Add, crowd: Crowd) -> None:
        people = await self.queue(office, add, crowd)
        answer = await office.patch(f"/v1/events/{people.event_id}", json={"capacity": 5}, headers={"If-Match": "*"})
        assert answer.json()["seats"] == {"confirmed": 0, "held": 2, "waiting": 0, "free": 3}
        refused = await office.patch(f"/v1/events/{people.event_id}", json={"capacity": 1}, headers={"If-Match": "*"})
        problem = refused.json()
        assert (refused.status_code, problem["held"], problem["capacity"]) == (409, 2, 1)


class TestApproval:
    async def test_is_asked_of_strangers_and_partners_and_given_with_a_seat_or_a_reason(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, partner: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=2, approval=True))
        assert (await anybody.post(people.path, json=ada(0))).json()["state"] == "requested"
        for number in (1, 2):
            assert (await partner.post(people.path, json=ada(number))).json()["state"] == "requested"
        assert (await office.post(people.path, json=ada(3))).json()["state"] == "confirmed"
        assert await people.seats() == {"confirmed": 1, "held": 0, "waiting": 0, "free": 1}
        assert (await people.do("ada1@example.org", "approve")).json()["state"] == "confirmed"
        assert (await people.do("ada0@example.org", "approve")).json()["state"] == "waiting"
        declined = await people.do("ada2@example.org", "decline", reason="Only for members of the group.")
        assert declined.json()["state"] == "declined"
        assert await people.told("ada1@example.org") == ["requested", "confirmed"]
        assert await people.told("ada2@example.org") == ["requested", "declined"]
        again = await people.do("ada1@example.org", "approve")
        assert (again.status_code, again.json()["code"]) == (409, "nothing_to_approve")

    async def test_holds_the_seat_of_an_address_that_is_not_confirmed_yet(
        self, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=2, approval=True))
        await anybody.post(people.path, json=ada())
        assert (await people.do("ada@example.org", "approve")).json()["state"] == "pending"
        await people.confirm("ada@example.org")
        assert await people.states() == ["confirmed"]

    async def test_is_the_organiser_s_to_give(
        self,
        app: FastAPI,
        base_url: str,
        partner: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        add: Add,
        crowd: Crowd,
    ) -> None:
        people = crowd(await add(approval=True))
        await anybody.post(people.path, json=ada())
        registration = (await people.items())[0]["id"]
        refused = await partner.post(f"{people.path}/{registration}/approve")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_event")
        async with calling(base_url, app, "partner", entity=FOUNDATION) as organiser:
            assert (await organiser.post(f"{people.path}/{registration}/approve")).status_code == 200
            assert (await organiser.get(people.path)).json()["items"][0]["person"]["email"] == "ada@example.org"
            assert (await organiser.post(people.path, json={**ada(2)})).json()["state"] == "confirmed"


class TestWindow:
    async def test_is_kept_to_by_all_but_the_office(
        self,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        add: Add,
        later: Callable[..., datetime],
        crowd: Crowd,
    ) -> None:
        window = {"registration_from": "2026-11-25T09:00:00Z", "registration_until": "2026-11-26T09:00:00Z"}
        people = crowd(await add(**window, **NEXT_MONTH))
        early = await anybody.post(people.path, json=ada(1))
        assert (early.status_code, early.json()["code"]) == (409, "registration_closed")
        assert early.json()["registration_from"].startswith("2026-11-25T09:00:00")
        later(hours=24)
        assert (await anybody.post(people.path, json=ada(2))).status_code == 201
        later(hours=24)
        assert (await anybody.post(people.path, json=ada(3))).json()["code"] == "registration_closed"
        assert (await office.post(people.path, json=ada(4))).status_code == 201

    async def test_is_closed_while_the_event_is_postponed(
        self, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=1))
        for number in range(2):
            await office.post(people.path, json=ada(number))
        await office.post(f"/v1/events/{people.event_id}/postpone", json={})
        refused = await office.post(people.path, json=ada(2))
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_event_state")
        await people.do("ada0@example.org", "cancel")
        assert await people.states() == ["cancelled", "waiting"]  # nobody is promised a seat on no day
        times = {"starts_at": "2026-12-20T17:00:00Z", "ends_at": "2026-12-20T19:00:00Z"}
        assert (await office.post(f"/v1/events/{people.event_id}/reschedule", json=times)).status_code == 200
        assert await people.states() == ["cancelled", "confirmed"]


class TestRepeat:
    async def test_looks_like_the_first_time_and_tells_the_address_once_an_hour(
        self, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=1, **NEXT_MONTH))
        first = await anybody.post(people.path, json=ada())
        stranger = await anybody.post(people.path, json=ada(2))
        again = [await anybody.post(people.path, json=ada()) for _ in range(3)]
        assert first.json()["state"] == "pending"
        assert {answer.content for answer in again} == {stranger.content}  # as somebody new would be answered
        assert await people.told("ada@example.org") == ["confirm_address", "registered_already"]

    async def test_after_cancelling_needs_the_link_again(
        self, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(**NEXT_MONTH))
        await anybody.post(people.path, json=ada())
        await people.confirm("ada@example.org")
        before = await people.one("ada@example.org")
        await people.do("ada@example.org", "cancel")
        await anybody.post(people.path, json=ada())
        after = await people.one("ada@example.org")
        assert (after["state"], after["verified_at"], after["id"]) == ("pending", None, before["id"])
        assert (after["ticket"], after["code"]) == (2, before["code"])


class TestPartner:
    async def test_registers_sees_and_cancels_its_own_people_alone(
        self, office: httpx.AsyncClient, partner: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(visibility="partners"))
        mine = (await partner.post(people.path, json=ada(1))).json()
        other = (await office.post(people.path, json=ada(2))).json()
        assert (mine["state"], (await people.one("ada1@example.org"))["entity_id"]) == ("confirmed", str(STARTUP))
        seen = (await partner.get(people.path, params={"count": True})).json()
        assert ([item["id"] for item in seen["items"]], seen["total"]) == ([mine["id"]], 1)
        for path in (f"{people.path}/{other['id']}", f"{people.path}/{mine['id']}"):
            expected = 200 if path.endswith(mine["id"]) else 404
            assert (await partner.get(path)).status_code == expected
            assert (await partner.post(f"{path}/cancel")).status_code == expected
        known = await partner.post(people.path, json=ada(2))
        assert (known.status_code, "id" in known.json(), "state" in known.json()) == (409, False, False)

    async def test_names_no_other_entity(self, partner: httpx.AsyncClient, add: Add, crowd: Crowd) -> None:
        people = crowd(await add())
        answer = await partner.post(people.path, json={**ada(), "entity_id": str(FOUNDATION)})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_people")

    async def test_registers_where_strangers_see_no_event(
        self, anybody: httpx.AsyncClient, partner: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(visibility="partners"))
        assert (await anybody.post(people.path, json=ada())).status_code == 404
        group = crowd(await add(visibility="sig", sig="biotech"))
        assert (await partner.post(group.path, json=ada())).status_code == 404


QUESTIONS = [
    {"code": "diet", "kind": "choice", "label": {"pl": "Dieta", "en": "Diet"}, "required": True, "options": [
        {"code": "vegan", "label": {"pl": "Wegańska", "en": "Vegan"}},
        {"code": "any", "label": {"pl": "Dowolna", "en": "Any"}},
    ]},
    {"code": "days", "kind": "choices", "label": {"pl": "Dni", "en": "Days"}, "options": [
        {"code": "first", "label": {"pl": "Pierwszy", "en": "First"}},
        {"code": "second", "label": {"pl": "Drugi", "en": "Second"}},
    ]},
    {"code": "note", "kind": "text", "label": {"pl": "Uwagi", "en": "Notes"}},
    {"code": "guests", "kind": "number", "label": {"pl": "Goście", "en": "Guests"}},
    {"code": "bus", "kind": "yes_no", "label": {"pl": "Autobus", "en": "Bus"}},
]  # fmt: skip


class TestAnswers:
    async def test_are_kept_for_those_who_may_see_the_list(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(questions=QUESTIONS))
        answers = {"diet": "vegan", "days": ["second"], "note": "", "bus": False, "guests": 2}
        assert (await anybody.post(people.path, json={**ada(), "answers": answers})).status_code == 201
        del answers["note"]  # an empty answer is none
        assert (await people.one("ada@example.org"))["answers"] == answers

    @pytest.mark.parametrize(
        ("answers", "pointer", "code"),
        [
            ({}, "/answers/diet", "answer_required"),
            ({"diet": "meat"}, "/answers/diet", "answer"),
            ({"diet": "any", "days": ["first", "first"]}, "/answers/days", "answer"),
            ({"diet": "any", "days": "first"}, "/answers/days", "answer"),
            ({"diet": "any", "bus": "yes"}, "/answers/bus", "answer"),
            ({"diet": "any", "guests": "two"}, "/answers/guests", "answer"),
            ({"diet": "any", "guests": True}, "/answers/guests", "answer"),
            ({"diet": "any", "note": "x" * 2001}, "/answers/note", "answer"),
            ({"diet": "any", "size/~": 4}, "/answers/size~1~0", "unknown_question"),
        ],
    )
    async def test_that_are_none_are_refused_by_pointer_and_nobody_is_registered(
        self, anybody: httpx.AsyncClient, add: Add, crowd: Crowd, answers: dict[str, Any], pointer: str, code: str
    ) -> None:
        people = crowd(await add(questions=QUESTIONS))
        answer = await anybody.post(people.path, json={**ada(), "answers": answers})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)
        assert await people.items() == []


class TestSessions:
    async def agenda(self, office: httpx.AsyncClient, event_id: str, capacity: int | None = 1) -> str:
        body = {
            "title": {"pl": "Warsztat", "en": "Workshop"},
            "starts_at": "2026-11-25T17:00:00+01:00",
            "ends_at": "2026-11-25T18:00:00+01:00",
            "capacity": capacity,
        }
        answer = await office.post(f"/v1/events/{event_id}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def test_are_taken_with_the_seat_refused_when_full_and_freed_with_it(
        self, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=5))
        workshop = await self.agenda(office, people.event_id)
        assert (await office.post(people.path, json={**ada(0), "sessions": [workshop]})).status_code == 201
        full = await office.post(people.path, json={**ada(1), "sessions": [workshop]})
        assert (full.status_code, full.json()["code"], full.json()["errors"][0]["pointer"]) == (
            409,
            "session_full",
            "/sessions/0",
        )
        assert len(await people.items()) == 1
        await office.post(people.path, json=ada(1))
        chosen = await office.put(
            f"{people.path}/{(await people.one('ada1@example.org'))['id']}/sessions", json={"sessions": [workshop]}
        )
        assert chosen.json()["code"] == "session_full"
        await people.do("ada0@example.org", "cancel")
        chosen = await office.put(
            f"{people.path}/{(await people.one('ada1@example.org'))['id']}/sessions", json={"sessions": [workshop]}
        )
        assert chosen.status_code == 200
        taken = [{"session_id": workshop, "state": "taken"}]
        assert (await people.one("ada1@example.org"))["sessions"] == taken

    async def test_are_wished_for_while_waiting_and_handed_on(
        self, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=1))
        workshop = await self.agenda(office, people.event_id)
        for number in range(3):
            await office.post(people.path, json={**ada(number), "sessions": [workshop]})
        wanted = [item["sessions"][0]["state"] for item in await people.items()]
        assert wanted == ["taken", "wanted", "wanted"]
        await people.do("ada0@example.org", "cancel")
        states = [[one["state"] for one in item["sessions"]] for item in await people.items()]
        assert states == [[], ["taken"], ["wanted"]]

    async def test_with_more_seats_go_to_those_who_still_want_one(
        self, office: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=2))
        workshop = await self.agenda(office, people.event_id)
        for number, sessions in enumerate(([workshop], [], [workshop])):
            await office.post(people.path, json={**ada(number), "sessions": sessions})
        await people.do("ada1@example.org", "cancel")
        assert (await people.one("ada2@example.org"))["sessions"] == [{"session_id": workshop, "state": "wanted"}]
        path = f"/v1/events/{people.event_id}/sessions/{workshop}"
        read = await office.get(path)
        changed = await office.patch(path, json={"capacity": 2}, headers={"If-Match": read.headers["etag"]})
        assert (changed.status_code, changed.json()["seats"]["free"]) == (200, 0), changed.text
        assert (await people.one("ada2@example.org"))["sessions"] == [{"session_id": workshop, "state": "taken"}]

    async def test_of_another_event_are_unknown(self, office: httpx.AsyncClient, add: Add, crowd: Crowd) -> None:
        people, other = crowd(await add()), await add("Inne")
        foreign = await self.agenda(office, other["id"])
        answer = await office.post(people.path, json={**ada(), "sessions": [foreign]})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/sessions/0")


class TestList:
    async def test_is_filtered_counted_and_read_in_pages(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=3))
        for number in range(4):
            await office.post(people.path, json=ada(number))
        await anybody.post(people.path, json={"name": "Łucja Żak", "email": "lucja@example.org"})
        assert [item["person"]["email"] for item in await people.items(origin="self")] == ["lucja@example.org"]
        assert len(await people.items(verified=True)) == 4
        assert len(await people.items(state=["waiting"], q="ada3")) == 1
        page = (await office.get(people.path, params={"limit": 3, "count": True})).json()
        rest = (await office.get(people.path, params={"limit": 3, "cursor": page["next"]})).json()
        assert (page["total"], len(page["items"]), len(rest["items"]), rest["next"]) == (5, 3, 2, None)
