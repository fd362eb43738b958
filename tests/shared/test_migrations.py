"""Migrations beside a service that works: nobody waits long for them, and a newer schema is worked on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from klaster_shared.database import Database
from klaster_shared.migrations import LocksHeld, Patience, upgrade
from klaster_shared.revisions import is_current
from klaster_shared.testing.databases import postgresql_copy
from klaster_shared.testing.postgres import PostgresServer

PACKAGE = "klaster_gateway"
BEFORE = "674fedbbc61e"  # what follows adds columns to the keys, which every request looks at
NEVER_OURS = "ffffffffffff"


@pytest.fixture
async def old(postgresql: PostgresServer) -> AsyncIterator[str]:
    """An older gateway's database."""
    name = f"{postgresql.prefix}_migrating"
    admin = await asyncpg.connect(postgresql.url)
    await admin.execute(f"CREATE DATABASE \"{name}\" LC_COLLATE 'C' ENCODING 'UTF8' TEMPLATE template0")
    await upgrade(postgresql.database(name), PACKAGE, to=BEFORE)
    yield postgresql.database(name)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@asynccontextmanager
async def somebody_reading(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction that has looked at the keys and goes on."""
    reader = await asyncpg.connect(url)
    await reader.execute("BEGIN; SELECT count(*) FROM api_keys")
    yield reader
    await reader.close()


async def current(url: str) -> bool:
    database = Database(url)
    async with database.read() as session:
        found = await is_current(session, PACKAGE)
    await database.dispose()
    return found


async def mark(url: str, revision: str) -> None:
    database = Database(url)
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    await database.dispose()


@pytest.mark.postgresql
class TestLocks:
    async def test_held_by_others_are_waited_for_in_turns(self, old: str) -> None:
        async with somebody_reading(old) as reader:
            migrating = asyncio.create_task(
                upgrade(old, PACKAGE, patience=Patience(lock_seconds=0.1, pauses=(0.1,) * 99))
            )
            await asyncio.sleep(0.5)
            assert not migrating.done()
            other = await asyncpg.connect(old, timeout=10)
            # Whoever comes after the migration is not kept waiting behind it for good.
            assert await other.fetchval("SELECT count(*) FROM api_keys") == 0
            await other.close()
            await reader.execute("COMMIT")
            await migrating
        assert await current(old)

    async def test_never_let_go_end_with_a_sentence_and_nothing_changed(self, old: str) -> None:
        async with somebody_reading(old):
            with pytest.raises(LocksHeld, match="other transactions held its tables each of the 2 times"):
                await upgrade(old, PACKAGE, patience=Patience(lock_seconds=0.1, pauses=(0, 0)))
        assert not await current(old)

    async def test_of_two_migrations_at_once_are_no_failure(self, old: str) -> None:
        patience = Patience(lock_seconds=0.001, pauses=(0,))
        await asyncio.gather(*(upgrade(old, PACKAGE, patience=patience) for _ in range(3)))
        assert await current(old)


class TestNewer:
    async def test_schema_is_left_as_it_is_and_worked_on(self, tmp_path: Path) -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/newer.db"
        await upgrade(url, PACKAGE)
        await mark(url, NEVER_OURS)

        await upgrade(url, PACKAGE)

        assert await current(url)

    @pytest.mark.postgresql
    async def test_schema_is_worked_on_there_too(self, postgresql: PostgresServer) -> None:
        async with postgresql_copy(PACKAGE, postgresql) as url:
            await mark(url, NEVER_OURS)
            await upgrade(url, PACKAGE)
            assert await current(url)

    async def test_code_asks_for_its_tables(self, tmp_path: Path) -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/older.db"
        assert not await current(url)
        await upgrade(url, PACKAGE, to=BEFORE)
        assert not await current(url)
