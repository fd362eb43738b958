"""The person goes, what was counted stays to the digit."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.consents.operations import give
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.links.operations import signing_links
from klaster_events.privacy.ledger import Ledger
from tests.events.conftest import NOW, STARTUP, Add, ada
from tests.events.privacy.test_replaying import id_of, people_in


async def token(app: FastAPI, purpose: Any, person_id: UUID) -> str:
    """What a message's link ends in."""
    async with app.state.database.write() as session:
        return (await signing_links(session, now=NOW)).sign_for_a_while(purpose, person_id, now=NOW)


async def numbers(client: httpx.AsyncClient) -> Any:
    """Every figure of the service, this year."""
    answer = await client.get("/v1/events/figures", params={"as_of": "2026-12-31"})
    assert answer.status_code == 200
    return [{**item, "computed_at": None} for item in answer.json()["items"]]


class TestErase:
    async def test_moves_no_figure_and_no_counter_of_what_has_been(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, held: Add
    ) -> None:
        events = [
            await held("2026-03-01", "ada@example.org", "b@example.org", entity=STARTUP),
            await held("2026-04-01", "ada@example.org", type="training", series="biotech-basics"),
        ]
        before = await numbers(anybody)
        assert any(item["value"] for item in before)
        person_id = await id_of(app.state.database, "ada@example.org")
        lists = [(await office.get(f"/v1/events/{event['id']}/attendance")).json()["items"] for event in events]
        answer = await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
        assert answer.json() == {"person_id": str(person_id), "erased_at": "2026-11-24T09:00:00Z"}
        assert await numbers(anybody) == before
        for event, known in zip(events, lists, strict=True):
            after = (await office.get(f"/v1/events/{event['id']}/attendance")).json()["items"]
            assert [item["person"]["id"] for item in after] == [item["person"]["id"] for item in known]
            assert {"name": None, "email": None, "id": str(person_id)} in [item["person"] for item in after]
            assert (await anybody.get(f"/v1/events/{event['id']}")).json()["present"] == len(known)

    async def test_frees_seats_at_what_is_to_come_for_whoever_waits(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add(capacity=1))['id']}/registrations"
        for number in (1, 2):
            assert (await office.post(path, json=ada(number))).status_code == 201
        person_id = await id_of(app.state.database, "ada1@example.org")
        await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
        items = (await office.get(path)).json()["items"]
        assert [(item["state"], item["person"]["email"]) for item in items] == [
            ("cancelled", None),
            ("confirmed", "ada2@example.org"),
        ]

    async def test_a_second_time_changes_nothing_and_a_stranger_is_not_found(
        self, app: FastAPI, office: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        person_id = await id_of(app.state.database, "ada@example.org")
        for _ in range(2):
            answer = await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
            assert answer.status_code == 200
        changes = (await office.get("/v1/events/changes", params={"limit": 500})).json()["items"]
        assert [(item["actor"], item["record"]["reason"]) for item in changes if item["collection"] == "erasures"] == [
            ("test:office", "asked")
        ]
        assert [item["id"] for item in changes if (item["collection"], item["kind"]) == ("people", "deleted")] == [
            str(person_id)
        ]
        unknown = f"/v1/privacy/people/{STARTUP}/erase"
        assert (await office.post(unknown, json={"reason": "asked"})).json()["code"] == "person_not_found"

    async def test_takes_consents_answers_and_waiting_messages_along(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add()
        await office.post(f"/v1/events/{event['id']}/registrations", json=ada())
        words = {"purpose": "newsletter", "text": {"pl": "Chcę", "en": "Yes"}}
        await office.post("/v1/consent-texts", json=words)
        person_id = await id_of(app.state.database, "ada@example.org")
        async with app.state.database.write() as session:
            agreed = [ConsentGiven(purpose="newsletter", version=1)]
            await give(session, pairs=[(person_id, agreed)], event_id=UUID(event["id"]), now=NOW)
            await session.execute(
                text(
                    "INSERT INTO registration_answers (registration_id, person_id, answers)"
                    """ SELECT id, person_id, '{"diet": "wegańska"}' FROM registrations"""
                )
            )
        await anybody.post("/v1/privacy/export", json={"email": "ada@example.org"})
        await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "mistake"})
        async with app.state.database.read() as session:
            for table in ("people", "consents", "registration_answers"):
                assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
            states = await session.scalars(text("SELECT DISTINCT state FROM messages"))
            assert set(states.all()) == {"dropped"}

    async def test_deletes_first_answers_that_name_the_person(
        self, app: FastAPI, office: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        async with app.state.database.write() as session:
            for key, body in (("a", b'{"name":"Ada Przyk\xc5\x82adowa"}'), ("b", b'{"name":"Ada"}')):
                await session.execute(
                    text(
                        "INSERT INTO idempotency_keys (key, fingerprint, status, headers, body, stored_at)"
                        " VALUES (:key, 'f', 200, '{}', :body, :now)"
                    ),
                    {"key": key, "body": body, "now": NOW if app.state.database.dialect == "postgresql" else str(NOW)},
                )
        person_id = await id_of(app.state.database, "ada@example.org")
        await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
        async with app.state.database.read() as session:
            assert (await session.scalars(text("SELECT key FROM idempotency_keys"))).all() == ["b"]

    async def test_leaves_no_seat_behind_while_the_person_registers_for_more(
        self, app: FastAPI, office: httpx.AsyncClient, add: Add
    ) -> None:
        paths = [f"/v1/events/{(await add(capacity=2))['id']}" for _ in range(6)]
        await office.post(f"{paths[0]}/registrations", json=ada())
        person_id = await id_of(app.state.database, "ada@example.org")
        erasing = office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
        registering = [office.post(f"{path}/registrations", json=ada()) for path in paths[1:]]
        answers = await asyncio.gather(*registering[:2], erasing, *registering[2:])
        assert {answer.status_code for answer in answers} <= {200, 201}
        async with app.state.database.read() as session:
            left = await session.scalar(
                text(
                    "SELECT count(*) FROM registrations WHERE state = 'confirmed'"
                    " AND person_id NOT IN (SELECT id FROM people)"
                )
            )
            standing = await session.scalar(text("SELECT count(*) FROM registrations WHERE state = 'confirmed'"))
            counted = await session.scalar(text("SELECT sum(confirmed) FROM events"))
        assert (left, counted) == (0, standing)

    async def test_is_for_the_office(self, anybody: httpx.AsyncClient, follower: httpx.AsyncClient) -> None:
        for caller in (anybody, follower):
            answer = await caller.post(f"/v1/privacy/people/{STARTUP}/erase", json={"reason": "asked"})
            assert answer.status_code == 403

    async def test_stands_in_the_ledger_before_it_is_acknowledged(
        self, app: FastAPI, office: httpx.AsyncClient, held: Add, tmp_path: Path
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        person_id = await id_of(app.state.database, "ada@example.org")
        (tmp_path / "full").write_text("")
        app.state.ledger = Ledger(tmp_path / "full" / "erasures.jsonl")
        path = f"/v1/privacy/people/{person_id}/erase"
        assert (await office.post(path, json={"reason": "asked"})).status_code == 503
        assert await people_in(app.state.database) == ["ada@example.org"]
        app.state.ledger = Ledger(tmp_path / "erasures.jsonl")
        assert (await office.post(path, json={"reason": "asked"})).status_code == 200
        assert (await app.state.ledger.erased()).keys() == {person_id}


class TestOwnErasure:
    async def test_happens_by_the_link_and_not_by_opening_it(
        self, app: FastAPI, anybody: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        path = f"/v1/privacy/erase/{await token(app, 'erase', await id_of(app.state.database, 'ada@example.org'))}"
        offered = {"purpose": "erase", "erased": False, "registrations": 0, "seats_given_back": 0}
        for _ in range(2):
            assert (await anybody.get(path)).json() == offered
        assert await people_in(app.state.database) == ["ada@example.org"]
        for _ in range(2):
            assert (await anybody.post(path)).status_code == 200
        assert await people_in(app.state.database) == []
        assert (await anybody.get(path)).json()["erased"] is True

    async def test_speaks_to_a_browser_in_its_language(
        self, app: FastAPI, anybody: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        path = f"/v1/privacy/erase/{await token(app, 'erase', await id_of(app.state.database, 'ada@example.org'))}"
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "pl"}
        page = await anybody.get(path, headers=browser)
        assert page.headers["content-type"].startswith("text/html")
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("private, no-store", "no-referrer")
        assert '<form method="post">' in page.text
        form = {"Content-Type": "application/x-www-form-urlencoded", **browser}
        done = await anybody.post(path, headers=form)
        assert (done.status_code, "Dane zostały usunięte" in done.text) == (200, True)

    @pytest.mark.parametrize("browser", [True, False])
    async def test_is_refused_to_a_link_that_is_changed_old_or_for_something_else(
        self, app: FastAPI, anybody: httpx.AsyncClient, held: Add, browser: bool
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        person_id = await id_of(app.state.database, "ada@example.org")
        good, other = await token(app, "erase", person_id), await token(app, "export", person_id)
        accept = {"Accept": "text/html" if browser else "application/json"}
        for wrong in (good[:-2] + "xx", other, "nonsense"):
            assert (await anybody.post(f"/v1/privacy/erase/{wrong}", headers=accept)).status_code == 404
        app.state.clock = lambda: NOW.replace(day=27)
        answer = await anybody.post(f"/v1/privacy/erase/{good}", headers=accept)
        assert answer.status_code == 410
        assert ("<h1>" in answer.text) is browser
        assert await people_in(app.state.database) == ["ada@example.org"]
