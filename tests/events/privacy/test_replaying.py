"""A restored backup forgets again before it opens."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, insert, select, text

from klaster_events.database import METADATA
from klaster_events.main import create_app
from klaster_events.privacy.__main__ import show, work
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.operations import erase_people
from klaster_events.privacy.replaying import CLOSED, replay_ledger
from klaster_events.settings import Settings
from klaster_shared.database import Database
from klaster_shared.errors import Unavailable
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling, serving
from tests.events.conftest import NOW, Add, ada


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "volume" / "erasures.jsonl")


async def people_in(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.scalars(text("SELECT email FROM people ORDER BY email"))).all())


async def id_of(database: Database, email: str) -> UUID:
    async with database.read() as session:
        found = await session.scalar(text("SELECT id FROM people WHERE email = :email"), {"email": email})
    return UUID(str(found))


class TestLedger:
    async def test_keeps_what_was_written_over_a_line_cut_short(self, ledger: Ledger) -> None:
        first, second = new_id(), new_id()
        assert await ledger.erased() == {}
        await ledger.append([first], at=NOW)
        assert ledger.path is not None
        with ledger.path.open("ab") as file:
            file.write(b'{"person_id": "0190')  # killed here
        await ledger.append([second], at=NOW)
        assert await ledger.erased() == {first: NOW, second: NOW}

    async def test_loses_no_line_of_several_writers(self, ledger: Ledger) -> None:
        ids = [new_id() for _ in range(40)]
        await asyncio.gather(*(Ledger(ledger.path).append([one], at=NOW) for one in ids))
        assert (await ledger.erased()).keys() == set(ids)

    async def test_holds_ids_and_times_alone_for_its_owner(self, ledger: Ledger) -> None:
        one = UUID("01900000-0000-7000-8000-000000000001")
        await ledger.append([one], at=NOW)
        assert ledger.path is not None
        assert ledger.path.read_text() == f'{{"person_id":"{one}","at":"2026-11-24T09:00:00Z"}}\n'
        assert ledger.path.stat().st_mode & 0o077 == 0

    async def test_that_cannot_be_written_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(Unavailable):
            await Ledger(tmp_path / "file" / "erasures.jsonl").append([new_id()], at=NOW)


class TestReplay:
    async def test_erases_whom_the_ledger_names_and_learns_what_it_missed(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, ledger: Ledger
    ) -> None:
        database: Database = app.state.database
        path = f"/v1/events/{(await add())['id']}/registrations"
        for number in (1, 2, 3):
            await anybody.post(path, json=ada(number))
        listed, missed = [await id_of(database, f"ada{number}@example.org") for number in (1, 2)]
        stranger = new_id()
        await ledger.append([listed, stranger], at=NOW)
        async with database.write() as session:
            await erase_people(session, ids=[missed], reason="retention", now=NOW)
        assert await replay_ledger(database, ledger, now=NOW) == 1
        assert await people_in(database) == ["ada3@example.org"]
        assert (await ledger.erased()).keys() == {listed, missed, stranger}
        assert await replay_ledger(database, ledger, now=NOW) == 0


async def backup(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as a backup has them."""
    async with database.read() as session:
        return {
            table.name: [dict(row._mapping) for row in await session.execute(select(table))]
            for table in METADATA.sorted_tables
        }


async def restore(database: Database, saved: dict[str, list[dict[str, Any]]]) -> None:
    """The database as it was, whatever happened since."""
    async with database.write() as session:
        for table in reversed(METADATA.sorted_tables):
            await session.execute(delete(table))
        for table in METADATA.sorted_tables:
            if saved[table.name]:
                await session.execute(insert(table), saved[table.name])


class TestByHand:
    async def test_does_the_same_for_a_database_without_its_service(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, ledger: Ledger
    ) -> None:
        await anybody.post(f"/v1/events/{(await add())['id']}/registrations", json=ada())
        await ledger.append([await id_of(app.state.database, "ada@example.org")], at=NOW)
        settings = app.state.settings.model_copy(update={"erasures_file": ledger.path})
        assert await work(settings) == 1
        assert await people_in(app.state.database) == []


class TestOpening:
    def settings(self, app: FastAPI, url: str, ledger: Ledger) -> Settings:
        given: Settings = app.state.settings
        return given.model_copy(update={"database_url": url, "erasures_file": ledger.path})

    async def test_of_a_restored_backup_comes_after_it_has_forgotten(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, ledger: Ledger
    ) -> None:
        database: Database = app.state.database
        event = await add()
        for number in (1, 2):
            await anybody.post(f"/v1/events/{event['id']}/registrations", json=ada(number))
        saved, gone = await backup(database), await id_of(database, "ada1@example.org")
        await ledger.append([gone], at=NOW)
        async with database.write() as session:
            await erase_people(session, ids=[gone], reason="asked", now=NOW)
        await restore(database, saved)
        assert await people_in(database) == ["ada1@example.org", "ada2@example.org"]
        again = create_app(self.settings(app, database.url, ledger))
        async with serving(again) as url, calling(url, again, "office") as office:
            people = (await office.get(f"/v1/events/{event['id']}/registrations")).json()["items"]
            assert {one["person"]["email"] for one in people} == {None, "ada2@example.org"}
        assert await people_in(database) == ["ada2@example.org"]

    async def test_waits_for_a_database_and_answers_nothing_meanwhile(
        self, app: FastAPI, anybody: httpx.AsyncClient, ledger: Ledger, tmp_path: Path
    ) -> None:
        ledger_folder = ledger.path.parent if ledger.path else tmp_path
        ledger_folder.mkdir()
        empty = f"sqlite+aiosqlite:///{tmp_path / 'not-migrated.db'}"
        closed = create_app(self.settings(app, empty, ledger))
        async with serving(closed) as url, calling(url, closed, "office") as office:
            answer = await office.get("/v1/event-types")
            assert (answer.status_code, answer.json()["detail"]) == (503, CLOSED)
            assert (await office.get("/health/ready")).json()["reason"] == CLOSED
            assert (await office.get("/health/live")).status_code == 200


class TestCopyOfTheLedger:
    async def test_adds_the_lines_that_are_missing_and_takes_none_away(self, ledger: Ledger, tmp_path: Path) -> None:
        here, both, there = new_id(), new_id(), new_id()
        copy = Ledger(tmp_path / "copy.jsonl")
        await ledger.append([here, both], at=NOW)
        await copy.append([both, there], at=NOW)

        added = await ledger.take_in(show(await copy.erased()).encode())

        assert added == 1
        assert (await ledger.erased()).keys() == {here, both, there}
