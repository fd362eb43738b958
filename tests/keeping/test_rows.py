"""Rows move from SQLite to PostgreSQL as they are, or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from deploy.keeping.rows import Unlike, copy_rows
from deploy.keeping.tables import tables_of
from klaster_shared.database import Database
from klaster_shared.testing.databases import postgresql_copy, sqlite_copy
from klaster_shared.testing.postgres import PostgresServer

pytestmark = pytest.mark.postgresql
PACKAGE = "klaster_registry"
TABLES = tables_of("registry")
LOGGED = (
    "INSERT INTO changes (position, at, actor, actor_role, kind, collection, record_id, changed, audience) "
    "VALUES (:position, '2026-11-27 06:00:00.123456', 'key:1', 'office', 'created', 'terms', 'a', '[]', 'office')"
)
ENTRY = (
    "INSERT INTO search_entries (id, collection, record_id, title_pl, title_en, sort_title, fields, demonstration, "
    "audience) VALUES (:id, 'terms', :record, 'Łódź', 'Lodz', 'lodz', :fields, false, 'anonymous')"
)


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Database]:
    (tmp_path / "copy").mkdir()
    async with sqlite_copy(PACKAGE, templates=tmp_path, folder=tmp_path / "copy") as url, opened(url) as database:
        async with database.write() as session:
            await session.execute(text(LOGGED), {"position": 1})
            # The same document, written in two ways, and one that is nothing: each stays as it is.
            for number, fields in ((7, '["b",  "a"]'), (8, "[]"), (9, "null")):
                await session.execute(text(ENTRY), {"id": number, "record": str(number), "fields": fields})
        yield database


@pytest.fixture
async def new(postgresql: PostgresServer) -> AsyncIterator[Database]:
    async with postgresql_copy(PACKAGE, postgresql) as url, opened(url) as database:
        yield database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.dispose()


async def found(database: Database, question: str) -> list[Any]:
    async with database.read() as session:
        return list((await session.scalars(text(question))).all())


class TestCopy:
    async def test_brings_every_row_as_it_is(self, old: Database, new: Database) -> None:
        sums, before = await copy_rows(old, new, TABLES)

        assert (sums["search_entries"].rows, sums["changes"].rows, before) == (3, 1, False)
        documents = "SELECT CAST(fields AS TEXT) FROM search_entries ORDER BY id"
        assert await found(new, documents) == ['["b",  "a"]', "[]", "null"]

    async def test_goes_on_with_the_numbers_that_came_along(self, old: Database, new: Database) -> None:
        await copy_rows(old, new, TABLES)

        async with new.write() as session:
            await session.execute(
                text(ENTRY.replace("(id, ", "(").replace("(:id, ", "(")), {"record": "n", "fields": "[]"}
            )
        assert await found(new, "SELECT max(id) FROM search_entries") == [10]

    async def test_keeps_references(self, old: Database, new: Database) -> None:
        question = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
        before = await found(new, question)

        await copy_rows(old, new, TABLES)

        assert await found(new, question) == before
        assert before[0] > 20

    async def test_says_where_all_is_there_already(self, old: Database, new: Database) -> None:
        first, _ = await copy_rows(old, new, TABLES)

        again, before = await copy_rows(old, new, TABLES)

        assert (again, before) == (first, True)

    async def test_touches_no_stack_that_somebody_wrote_to(self, old: Database, new: Database) -> None:
        async with new.write() as session:
            await session.execute(text(LOGGED), {"position": 5})

        with pytest.raises(Unlike, match=r"holds another stack already: .*search_entries \(3 rows, 0 there\)"):
            await copy_rows(old, new, TABLES)

        assert await found(new, "SELECT position FROM changes") == [5]

    async def test_leaves_nothing_where_a_row_is_not_taken(self, old: Database, new: Database) -> None:
        async with old.write() as session:
            # SQLite holds no text to the length of its column.
            await session.execute(text(ENTRY), {"id": 11, "record": "x" * 300, "fields": "[]"})

        with pytest.raises(Unlike, match="the server does not take a row: value too long"):
            await copy_rows(old, new, TABLES)

        assert await found(new, "SELECT count(*) FROM search_entries") == [0]

    async def test_leaves_no_table_behind_in_silence(self, old: Database, new: Database) -> None:
        async with old.write() as session:
            await session.execute(text("CREATE TABLE of_a_plugin (id INTEGER)"))

        with pytest.raises(Unlike, match="this release knows no table of_a_plugin"):
            await copy_rows(old, new, TABLES)
