"""Calendars over HTTP: of all, of one event, of one person; read back by icalendar."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from icalendar import Calendar
from sqlalchemy import text

from klaster_events.links.operations import signing_links
from tests.events.conftest import NOW, Add, ada

LINK = "https://meet.example.org/secret"


def entries(answer: httpx.Response) -> list[Any]:
    """What a calendar program finds."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).events)


async def titles(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    return [str(one["summary"]) for one in entries(await client.get("/v1/events.ics", params=asked))]


class TestAll:
    async def test_holds_what_has_been_lately_and_all_that_comes(self, anybody: httpx.AsyncClient, add: Add) -> None:
        for title, day in (("Dawno", "2026-06-01"), ("Niedawno", "2026-11-01"), ("Kiedyś", "2029-05-05")):
            await add(title, starts_at=f"{day}T10:00:00Z", ends_at=f"{day}T12:00:00Z")
        await add("Szkic", state="draft")
        assert await titles(anybody) == ["Niedawno", "Kiedyś"]
        assert await titles(anybody, **{"from": "2026-01-01", "to": "2026-12-31"}) == ["Dawno", "Niedawno"]
        assert await titles(anybody, q="kiedys") == ["Kiedyś"]

    async def test_is_empty_where_there_is_nothing(self, anybody: httpx.AsyncClient) -> None:
        assert entries(await anybody.get("/v1/events.ics")) == []

    async def test_says_which_parameter_it_does_not_know(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.get("/v1/events.ics", params={"limit": "5"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/limit")

    async def test_is_not_sent_twice(self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(online=True, online_url=LINK)
        first = await anybody.get("/v1/events.ics")
        known = {"If-None-Match": first.headers["etag"]}
        assert (await anybody.get("/v1/events.ics", headers=known)).status_code == 304
        assert LINK not in first.text
        await office.post(f"/v1/events/{event['id']}/postpone")
        changed = await anybody.get("/v1/events.ics", headers=known)
        [entry] = entries(changed)
        assert (entry["status"], entry.sequence) == ("TENTATIVE", 1)

    async def test_names_things_in_the_language_asked_for(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add(title="Śniadanie", series="school")
        answer = await anybody.get("/v1/events.ics", headers={"Accept-Language": "pl"})
        assert (answer.headers["content-language"], answer.headers["vary"]) == ("pl", "Accept-Language")
        [entry] = entries(answer)
        assert [str(one) for one in entry.categories] == ["networking", "school"]
        assert (entry["contact"], entry["related-to"]) == ("Fundacja", "series:school")


class TestOne:
    async def test_keeps_its_uid_and_counts_its_moves(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        [before] = entries(await anybody.get(f"{path}.ics"))
        await office.patch(path, json={"place": "Kraków"}, headers={"If-Match": "*"})
        await office.patch(path, json={"capacity": 30}, headers={"If-Match": "*"})
        await office.post(f"{path}/cancel")
        answer = await anybody.get(f"{path}.ics")
        [after] = entries(answer)
        assert before["uid"] == after["uid"]
        assert (before.sequence, after.sequence, after["status"]) == (0, 2, "CANCELLED")
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert after.start == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)

    async def test_of_a_draft_is_not_there(self, anybody: httpx.AsyncClient, add: Add) -> None:
        answer = await anybody.get(f"/v1/events/{(await add(state='draft'))['id']}.ics")
        assert (answer.status_code, answer.json()["code"]) == (404, "event_not_found")

    async def test_shows_the_agenda_without_speakers(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        session = {
            "title": {"pl": "Otwarcie", "en": "Opening"},
            "starts_at": "2026-11-25T17:00:00+01:00",
            "ends_at": "2026-11-25T17:30:00+01:00",
            "speakers": [{"name": "Olga Wzorcowa"}],
        }
        await office.post(f"{path}/sessions", json=session)
        [entry] = entries(await anybody.get(f"{path}.ics"))
        assert "17:00-17:30 Opening" in entry["description"]
        assert "Wzorcowa" not in entry["description"]


@pytest.fixture
async def person(app: FastAPI, office: httpx.AsyncClient, add: Add) -> tuple[str, str]:
    """The link of a person who has a seat at an online event, and the event's path."""
    event = await add("Online", online=True, online_url=LINK)
    answer = await office.post(f"/v1/events/{event['id']}/registrations", json=ada())
    assert answer.status_code == 201, answer.text
    async with app.state.database.write() as session:
        person_id = await session.scalar(text("SELECT person_id FROM registrations"))
        token = (await signing_links(session, now=NOW)).sign("calendar", UUID(str(person_id)))
    return f"/v1/calendars/{token}.ics", f"/v1/events/{event['id']}"


class TestPerson:
    async def test_holds_where_they_have_a_seat_with_the_link(
        self, anybody: httpx.AsyncClient, add: Add, person: tuple[str, str]
    ) -> None:
        await add("Bez niej")
        answer = await anybody.get(person[0])
        [entry] = entries(answer)
        assert (entry["summary"], entry["conference"], entry["status"]) == ("Online", LINK, "CONFIRMED")
        assert answer.headers["cache-control"] == "private, no-store"

    async def test_is_named_in_the_language_of_the_registration_or_the_one_asked_for_by_name(
        self, app: FastAPI, anybody: httpx.AsyncClient, person: tuple[str, str]
    ) -> None:
        for own, asked, name in (("pl", "", "Moje wydarzenia"), ("en", "", "My events"), ("en", "?lang=pl", "Moje")):
            async with app.state.database.write() as session:
                await session.execute(text("UPDATE registrations SET language = :own"), {"own": own})
            answer = await anybody.get(person[0] + asked, headers={"Accept-Language": "de"})
            assert f"\r\nNAME:{name}" in answer.text
            assert answer.headers["content-language"] == ("en" if name == "My events" else "pl")

    async def test_keeps_the_link_back_while_the_seat_is_only_held(
        self, app: FastAPI, anybody: httpx.AsyncClient, person: tuple[str, str]
    ) -> None:
        async with app.state.database.write() as session:
            await session.execute(text("UPDATE registrations SET state = 'pending'"))
        answer = await anybody.get(person[0])
        [entry] = entries(answer)
        assert entry["status"] == "TENTATIVE"
        assert LINK not in answer.text

    async def test_says_that_an_event_was_cancelled(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, person: tuple[str, str]
    ) -> None:
        await office.post(f"{person[1]}/cancel")
        [entry] = entries(await anybody.get(person[0]))
        assert (entry["status"], entry.sequence) == ("CANCELLED", 1)

    async def test_opens_by_the_whole_link_alone(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, person: tuple[str, str]
    ) -> None:
        for client, path in ((anybody, "/v1/calendars/abc.ics"), (office, f"/v1/calendars/{uuid4()}.ics")):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "link_refused")
        other = person[0].replace("/v1/calendars/", "/v1/calendars/A")
        assert (await anybody.get(other)).status_code == 404

    async def test_opens_nothing_once_the_person_is_erased(
        self, app: FastAPI, anybody: httpx.AsyncClient, person: tuple[str, str]
    ) -> None:
        async with app.state.database.write() as session:
            await session.execute(text("DELETE FROM people"))
        assert (await anybody.get(person[0])).json()["code"] == "link_refused"
