"""One's own registration behind its link: seen by whoever has the link, changed by a press of a button alone."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from icalendar import Calendar
from sqlalchemy import text

from klaster_events.agenda.models import AgendaSession
from klaster_events.attendance.models import Attendance
from klaster_events.registrations.models import Registration
from klaster_shared.identifiers import new_id
from tests.events.conftest import NOW, Add
from tests.events.mailing import Outbox
from tests.events.own.conftest import Link

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
MEETING = "https://meet.example/secret"


async def registered(
    outbox: Outbox, add: Add, *, state: str = "confirmed", verified: bool = True, **event: Any
) -> Registration:
    """Somebody registered for an event of two seats, whose counters know it."""
    shown = await add(**{"capacity": 2, "online": True, "online_url": MEETING, **event})
    counter = {"confirmed": "confirmed", "waiting": "waiting", "pending": "held", "offered": "held"}.get(state)
    if counter:
        async with outbox.database.write() as session:
            await session.execute(text(f"UPDATE events SET {counter} = {counter} + 1, tickets = 1"))
    return await outbox.register(shown["id"], state=state, verified=verified)


class TestRead:
    async def test_shows_the_registration_the_event_and_what_can_be_done(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        answer = await anybody.get(path, headers={"Accept-Language": "pl"})
        own = answer.json()
        assert (answer.status_code, own["state"], own["name"]) == (200, "confirmed", "Ada Przykładowa")
        assert own["event"]["title"] == "Śniadanie naukowe"
        assert own["event"]["online_url"] == MEETING
        assert own["may"] == ["cancel"]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"

    async def test_hands_out_the_calendar_of_all_that_one_is_registered_for(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        own = (await anybody.get(path)).json()
        [entry] = Calendar.from_ical((await anybody.get(own["calendar"])).content).events
        assert (entry["uid"].split("@")[0], entry["conference"]) == (own["event"]["id"], MEETING)
        page = await anybody.get(path, headers=BROWSER)
        assert own["calendar"] in page.text

    async def test_hands_it_out_to_nobody_whose_address_is_not_confirmed(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add, state="pending", verified=False))
        assert (await anybody.get(path)).json()["calendar"] is None
        assert "/v1/calendars/" not in (await anybody.get(path, headers=BROWSER)).text

    async def test_tells_the_place_in_the_queue_and_no_online_link_to_whoever_waits(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add, state="waiting"))
        own = (await anybody.get(path)).json()
        assert (own["place_in_queue"], own["event"]["online_url"], own["code"]) == (1, None, None)

    async def test_changes_nothing_however_often_a_link_is_followed(
        self, app: FastAPI, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add, state="pending", verified=False))
        for _ in range(2):
            for accepted in (BROWSER, {"Accept": "application/json"}):
                assert (await anybody.get(path, headers=accepted)).status_code == 200
        assert (await anybody.get(path)).json()["state"] == "pending"

    @pytest.mark.parametrize("wrong", ["x", "MDEyMzQ1Njc4OWFiY2RlZg.AAAA", "%2e%2e", "ą"])
    async def test_opens_nothing_with_a_link_that_was_not_made_here(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link, wrong: str
    ) -> None:
        await link(await registered(outbox, add))
        answer = await anybody.get(f"/v1/registration-links/{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (404, "link_refused")

    async def test_opens_nothing_with_one_letter_changed_or_with_another_purpose(
        self, app: FastAPI, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        changed = path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]
        assert (await anybody.get(changed)).status_code == 404
        page = await anybody.get(changed, headers={**BROWSER, "Accept-Language": "pl"})
        assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert "Ten link niczego nie otwiera" in page.text

    async def test_opens_nothing_once_the_event_is_gone(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        async with outbox.database.write() as session:
            await session.execute(text("DELETE FROM events"))
        assert (await anybody.get(path)).status_code == 404


class TestSteps:
    async def test_confirming_the_address_makes_a_held_seat_a_seat(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add, state="pending", verified=False))
        assert (await anybody.get(path)).json()["may"] == ["confirm", "cancel"]
        for _ in range(2):  # pressed twice
            answer = await anybody.post(f"{path}/confirm")
            assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
        assert [message.kind for message in await outbox.messages()] == ["confirmed"]

    @pytest.mark.parametrize(("step", "state"), [("accept", "confirmed"), ("decline", "cancelled")])
    async def test_answering_an_offer(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link, step: str, state: str
    ) -> None:
        path = await link(await registered(outbox, add, state="offered"))
        assert (await anybody.get(path)).json()["may"] == ["accept", "decline"]
        for _ in range(2):
            answer = await anybody.post(f"{path}/{step}")
            assert (answer.status_code, answer.json()["state"]) == (200, state)

    async def test_cancelling_gives_the_seat_to_whoever_is_next(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        mine = await registered(outbox, add, capacity=1)
        await outbox.register(str(mine.event_id), email="eve@example.org", state="waiting", ticket=2)
        async with outbox.database.write() as session:
            await session.execute(text("UPDATE events SET waiting = 1, tickets = 2"))
        path = await link(mine)
        for _ in range(2):
            answer = await anybody.post(f"{path}/cancel")
            assert (answer.status_code, answer.json()["state"], answer.json()["may"]) == (200, "cancelled", [])
        kinds = sorted(message.kind for message in await outbox.messages())
        assert kinds == ["moved_up", "registration_cancelled"]

    async def test_says_by_name_why_a_step_cannot_be_taken(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        answer = await anybody.post(f"{path}/decline")
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_offered")

    async def test_keeps_no_answer_for_whoever_repeats_a_key(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        for status in (200, 409):
            answer = await anybody.post(f"{path}/cancel", headers={"Idempotency-Key": "once"})
            assert answer.status_code == status
        async with outbox.database.read() as session:
            assert (await session.scalars(text("SELECT body FROM idempotency_keys"))).all() == [None]


class TestSessions:
    async def test_are_chosen_by_programs_and_by_forms(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        mine = await registered(outbox, add)
        first, second = [await agenda(outbox, mine.event_id, title) for title in ("Pierwsza", "Druga")]
        path = await link(mine)
        answer = await anybody.post(f"{path}/sessions", json={"sessions": [str(first)]})
        assert answer.status_code == 200, answer.text
        assert [one["chosen"] for one in answer.json()["sessions"]] == ["taken", None]
        form = await anybody.post(f"{path}/sessions", data={"sessions": [str(second)]}, headers=BROWSER)
        assert form.status_code == 303
        assert [one["chosen"] for one in (await anybody.get(path)).json()["sessions"]] == [None, "taken"]
        nothing = await anybody.post(f"{path}/sessions", data={}, headers={**BROWSER, "Content-Type": FORM})
        assert nothing.status_code == 303
        assert [one["chosen"] for one in (await anybody.get(path)).json()["sessions"]] == [None, None]

    async def test_refuse_a_session_of_elsewhere_and_a_body_that_is_none(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        wrong = await anybody.post(f"{path}/sessions", json={"sessions": [str(new_id())]})
        assert wrong.json()["errors"][0]["pointer"] == "/sessions/0"
        garbled = await anybody.post(f"{path}/sessions", json={"sessions": ["x"], "more": 1})
        assert sorted(error["pointer"] for error in garbled.json()["errors"]) == ["/more", "/sessions/0"]
        other = await anybody.post(f"{path}/sessions", content=b"<x/>", headers={"Content-Type": "application/xml"})
        assert other.status_code == 415


FORM = "application/x-www-form-urlencoded"


async def agenda(outbox: Outbox, event_id: UUID, title: str) -> UUID:
    """A session of an event."""
    async with outbox.database.write() as session:
        one = AgendaSession(
            id=new_id(),
            event_id=event_id,
            title_pl=title,
            title_en=title,
            starts_at=NOW,
            ends_at=NOW.replace(hour=12),
            speakers=[],
            capacity=5,
            taken=0,
            version=1,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(one)
    return one.id


class TestConsents:
    async def test_are_given_in_the_words_that_were_shown_and_taken_back(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        words = {"purpose": "newsletter", "text": {"pl": "Tak.", "en": "Yes."}, "required": False}
        assert (await office.post("/v1/consent-texts", json=words)).status_code == 201
        path = await link(await registered(outbox, add))
        choice = {"purpose": "newsletter", "version": 1, "given": True}
        for given in (True, True, False, False):
            answer = await anybody.post(f"{path}/consents", json={**choice, "given": given})
            assert answer.status_code == 200, answer.text
            assert [one["given"] for one in answer.json()["consents"]] == [given]
        form = await anybody.post(f"{path}/consents", data={**choice, "given": "true"}, headers=BROWSER)
        assert form.status_code == 303
        assert (await anybody.get(path)).json()["consents"][0]["given"] is True
        other = await anybody.post(f"{path}/consents", json={**choice, "version": 2})
        assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/version")


class TestCalendar:
    async def test_holds_the_event_under_the_name_that_messages_give_it(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        mine = await registered(outbox, add)
        path = f"{await link(mine)}/calendar.ics?lang=en"  # as the page links to it
        assert path in (await anybody.get(f"{await link(mine)}?lang=en", headers=BROWSER)).text
        answer = await anybody.get(path)
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        [entry] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert str(entry["UID"]) == f"{mine.event_id}@events.klaster"
        assert MEETING in str(entry["DESCRIPTION"])


class TestCode:
    async def test_is_a_picture_for_whoever_has_a_seat(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        answer = await anybody.get(f"{await link(await registered(outbox, add))}/qr.svg")
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg")

    async def test_is_none_for_whoever_waits(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        answer = await anybody.get(f"{await link(await registered(outbox, add, state='waiting'))}/qr.svg")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_code")


class TestCertificate:
    async def test_is_there_for_whoever_came_once_it_was_issued(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        times = {"starts_at": "2026-11-20T10:00:00Z", "ends_at": "2026-11-20T12:00:00Z"}
        mine = await registered(outbox, add, **times)
        async with outbox.database.write() as session:
            session.add(
                Attendance(id=new_id(), event_id=mine.event_id, person_id=mine.person_id, present=True, recorded_at=NOW)
            )
        path = await link(mine)
        none_yet = await anybody.get(f"{path}/certificate")
        assert (none_yet.status_code, none_yet.json()["code"]) == (404, "certificate_not_found")
        assert (await office.post(f"/v1/events/{mine.event_id}/complete")).status_code == 200
        assert (await office.post(f"/v1/events/{mine.event_id}/certificates")).json()["issued"] == 1
        number = (await anybody.get(path)).json()["certificate"]
        assert (await anybody.get(f"{path}/certificate")).json()["number"] == number
        page = await anybody.get(f"{path}/certificate?lang=pl", headers=BROWSER)
        assert "Zaświadczenie" in page.text
        assert number in page.text
        assert f"{path}/certificate" in (await anybody.get(path, headers=BROWSER)).text


class TestPage:
    async def test_says_in_the_persons_language_what_there_is_to_know(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        page = await anybody.get(path, headers={**BROWSER, "Accept-Language": "en"})
        assert page.headers["Content-Language"] == "pl"
        for said in ("Miejsce potwierdzone", "środa, 25 listopada 2026, 17:00 – 20:00", MEETING, "Odwołuję zapis"):
            assert said in page.text
        english = await anybody.get(f"{path}?lang=en", headers=BROWSER)
        assert "Seat confirmed" in english.text

    async def test_runs_nothing_loads_nothing_and_is_kept_nowhere(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        page = await anybody.get(await link(await registered(outbox, add)), headers=BROWSER)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "private, no-store"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "<script" not in page.text
        assert 'src="http' not in page.text

    async def test_shows_names_and_titles_as_text(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        event = await add("<script>alert(1)</script>")
        mine = await outbox.register(event["id"], name='"><img src=x onerror=alert(1)>')
        page = await anybody.get(await link(mine), headers=BROWSER)
        assert "<script" not in page.text
        assert "<img src=x" not in page.text

    async def test_leads_back_to_itself_after_each_button(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add, state="pending", verified=False))
        answer = await anybody.post(f"{path}/confirm?lang=en", headers={**BROWSER, "Content-Type": FORM})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?lang=en")
        page = await anybody.get(answer.headers["Location"], headers=BROWSER)
        assert "Seat confirmed" in page.text

    async def test_says_on_a_page_what_did_not_work_and_leaves_things_as_they_were(
        self, anybody: httpx.AsyncClient, outbox: Outbox, add: Add, link: Link
    ) -> None:
        path = await link(await registered(outbox, add))
        page = await anybody.post(f"{path}/decline?lang=pl", headers={**BROWSER, "Content-Type": FORM})
        assert (page.status_code, page.headers["Content-Type"]) == (409, "text/html; charset=utf-8")
        assert "Żadne miejsce już na Ciebie nie czeka" in page.text
        assert (await anybody.get(path)).json()["state"] == "confirmed"
