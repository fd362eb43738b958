"""A database server that cannot be reached is the same trouble to callers, however it cannot."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import literal, select, text

from klaster_shared.database import Database
from klaster_shared.errors import as_problem


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """Where somebody listens, and never says a word."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def said_of(address: str) -> list[int]:
    """The status that callers get of a session, and of a statement without one."""
    database = Database(f"postgresql://klaster:nothing@{address}/klaster")
    found = []
    try:
        try:
            async with database.read() as session:
                await session.execute(text("SELECT 1"))
        except Exception as error:
            found.append(as_problem(error).status)
        try:
            await database.fetch(database.prepared(None, lambda: select(literal(1))))
        except Exception as error:
            found.append(as_problem(error).status)
    finally:
        await database.dispose()
    return found


class TestPostgresql:
    async def test_that_says_nothing_is_unavailable(self, silent: str) -> None:
        assert await said_of(silent) == [503, 503]

    async def test_that_refuses_is_unavailable(self) -> None:
        assert await said_of("127.0.0.1:1") == [503, 503]

    async def test_whose_name_nobody_knows_is_unavailable(self) -> None:
        assert await said_of("postgres.invalid:5432") == [503, 503]
