"""Whoever is to come has no key: the link in their mail shows the booking, and cancels it until it begins."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.links.operations import signing_links
from klaster_events.messages.delivery import deliver
from klaster_events.privacy.operations import erase_people
from tests.events.bookings.conftest import BOOKINGS, LAB, RESOURCES, Book, booking_body, step, wrong
from tests.events.conftest import NOW
from tests.events.mailing import Clock, Outbox, mail_server

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
Link = Callable[[dict[str, Any]], Awaitable[str]]


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    return Outbox(app.state.database, Clock())


@pytest.fixture
def link(app: FastAPI) -> Link:
    """The path that a booking's link leads to."""

    async def path_of(booking: dict[str, Any]) -> str:
        async with app.state.database.write() as session:
            links = await signing_links(session, now=NOW)
        return f"/v1/booking-links/{links.sign('booking', UUID(booking['id']))}"

    return path_of


def time_is(app: FastAPI, **later: float) -> None:
    app.state.clock = lambda: NOW + timedelta(**later)


class TestMail:
    async def test_leads_whoever_comes_to_the_page_and_nobody_else(
        self, outbox: Outbox, anybody: httpx.AsyncClient, book: Book, owner: httpx.AsyncClient
    ) -> None:
        made = await book(9)
        async with mail_server() as box:
            await deliver(outbox.post(box.server))
            await step(owner, made, "approve")
            await deliver(outbox.post(box.server))
        said = [(str(one["To"]), one.get_body(("plain",)).get_content()) for one in box.taken]  # type: ignore[union-attr]
        found = [(to, re.findall(r"https://klaster\.example(/v1/booking-links/\S+)", text)) for to, text in said]
        visitor, owners = "Ada Przykładowa <ada@example.org>", "Ola Opiekunka <ola@example.org>"
        assert {to: len(paths) for to, paths in found} == {visitor: 1, owners: 0}
        assert len(found) == 3
        for _to, paths in found:
            for path in paths:
                assert (await anybody.get(path)).json()["id"] == made["id"]


class TestRead:
    async def test_shows_programs_and_browsers_the_booking_and_changes_nothing(
        self, anybody: httpx.AsyncClient, book: Book, link: Link
    ) -> None:
        path = await link(await book(9, purpose="Widma <b>pięciu</b> próbek"))
        found = await anybody.get(path, params={"lang": "en"})
        own = found.json()
        assert (own["state"], own["name"]) == ("requested", "Ada Przykładowa")
        assert (own["may"], own["kept"]) == (["cancel"], None)
        assert (own["resource"]["name"], own["zone"]) == ("NMR laboratory", "Europe/Warsaw")
        assert own["terms"] == {"version": 1, "text": "Training on site"}
        for language, words in (("pl", ("Pracownia NMR", "Odwołuję")), ("en", ("NMR laboratory", "Cancel my booking"))):
            page = await anybody.get(path, params={"lang": language}, headers=BROWSER)
            assert (page.status_code, page.headers["Content-Language"]) == (200, language)
            assert all(word in page.text for word in (*words, "09:00 – 10:00 (CET)", "Fundacja", "Cardiomatics"))
            assert "<b>" not in page.text
            assert "None" not in page.text
        for answer in (found, page):
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert (await anybody.get(path)).json()["state"] == "requested"

    async def test_opens_nothing_with_a_link_that_was_not_made_for_it(
        self, app: FastAPI, anybody: httpx.AsyncClient, book: Book, ruled: httpx.AsyncClient, link: Link
    ) -> None:
        path = await link(made := await book(9))
        async with app.state.database.write() as session:
            other = (await signing_links(session, now=NOW)).sign("registration", UUID(made["id"]))
        gone = (await ruled.post(BOOKINGS, json=booking_body(11, demonstration=True))).json()
        of_gone = await link(gone)
        deleted = await ruled.delete(f"{BOOKINGS}/{gone['id']}", headers={"If-Match": "*"})
        assert deleted.status_code == 204, deleted.text
        for wrong_one in (path[:-3] + ("AAA" if path[-3:] != "AAA" else "BBB"), f"/v1/booking-links/{other}", of_gone):
            assert await wrong(await anybody.get(wrong_one)) == (404, "link_refused")
            assert await wrong(await anybody.post(f"{wrong_one}/cancel")) == (404, "link_refused")
            page = await anybody.get(wrong_one, params={"lang": "pl"}, headers=BROWSER)
            assert (page.status_code, "Ten link niczego nie otwiera" in page.text) == (404, True)
        assert (await anybody.get(path)).json()["state"] == "requested"

    async def test_names_nobody_once_the_person_is_erased(
        self, app: FastAPI, anybody: httpx.AsyncClient, book: Book, link: Link
    ) -> None:
        path = await link(made := await book(9, purpose="Widma"))
        async with app.state.database.write() as session:
            await erase_people(session, ids=[UUID(made["person_id"])], reason="asked", now=NOW)
        own = (await anybody.get(path)).json()
        assert (own["name"], own["purpose"], own["state"], own["may"]) == (None, None, "cancelled", [])
        assert "Przykładowa" not in (await anybody.get(path, headers=BROWSER)).text


class TestCancel:
    async def test_gives_the_time_back_and_tells_the_owner_once_however_often_it_is_pressed(
        self, outbox: Outbox, anybody: httpx.AsyncClient, book: Book, link: Link, startup: httpx.AsyncClient
    ) -> None:
        path = await link(made := await book(9))
        answers = await asyncio.gather(*(anybody.post(f"{path}/cancel") for _ in range(3)))
        assert {(one.status_code, one.json()["state"], one.json()["ended_by"]) for one in answers} == {
            (200, "cancelled", "visitor")
        }
        again = await anybody.post(f"{path}/cancel", headers=FORM)
        assert (again.status_code, again.headers["Location"]) == (303, f"{path}?lang=pl")
        page = await anybody.get(path, headers=BROWSER)
        assert "Termin jest znów wolny" in page.text
        assert "<form" not in page.text
        found = (await startup.get(f"{BOOKINGS}/{made['id']}")).json()
        assert (found["state"], found["ended_by"], found["version"]) == ("cancelled", "visitor", 2)
        kinds = sorted(message.kind for message in await outbox.messages())
        assert kinds == ["booking_cancelled", "booking_given_back", "booking_received", "booking_requested"]
        slots = await anybody.get(
            f"{RESOURCES}/{LAB}/slots", params={"from": "2026-11-25", "to": "2026-11-25", "free": "true"}
        )
        assert made["starts_at"] in [one["starts_at"] for one in slots.json()["items"]]
        await book(9)

    async def test_is_harmless_where_the_owner_was_first_and_refused_where_it_was_declined(
        self, anybody: httpx.AsyncClient, book: Book, link: Link, owner: httpx.AsyncClient
    ) -> None:
        cancelled, declined = await book(9), await book(10)
        await step(owner, cancelled, "cancel")
        answer = await anybody.post(f"{await link(cancelled)}/cancel")
        assert (answer.status_code, answer.json()["ended_by"]) == (200, "owner")
        await step(owner, declined, "decline")
        assert await wrong(await anybody.post(f"{await link(declined)}/cancel")) == (409, "wrong_booking_state")

    async def test_is_refused_once_it_has_begun_or_was_used_and_the_page_says_why(
        self, app: FastAPI, anybody: httpx.AsyncClient, book: Book, link: Link, owner: httpx.AsyncClient
    ) -> None:
        path = await link(made := await book(9))
        await step(owner, made, "approve")
        time_is(app, hours=23)  # the very moment at which it begins
        for kept, words in (("began", "już się zaczął"), ("used", "Ta wizyta się odbyła")):
            assert await wrong(await anybody.post(f"{path}/cancel")) == (409, "booking_began")
            own = (await anybody.get(path)).json()
            assert (own["may"], own["kept"]) == ([], kept)
            page = await anybody.get(path, headers=BROWSER)
            assert words in page.text
            assert "<form" not in page.text
            pressed = await anybody.post(f"{path}/cancel", params={"lang": "en"}, headers=FORM)
            assert (pressed.status_code, "This time has begun" in pressed.text) == (409, True)
            assert f'href="{path}?lang=en"' in pressed.text
            assert (await step(owner, made, "use")).status_code == (200 if kept == "began" else 409)
