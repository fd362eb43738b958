"""The server for tests: one template a run, a copy of its own for each test, nothing left behind."""

from collections.abc import Iterator

import asyncpg
import pytest

from klaster_shared.testing.postgres import NoPostgres, PostgresServer, cloned_database, make_template, postgres_server

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as found:
        if isinstance(found, NoPostgres):
            pytest.skip(found.reason)
        yield found


class Preparation:
    """Makes one table, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, url: str) -> None:
        self.times += 1
        await query(url, "CREATE TABLE visits (visitor text)")


async def query(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


class TestTemplate:
    async def test_is_prepared_once_however_often_it_is_asked_for(self, server: PostgresServer) -> None:
        preparation = Preparation()

        first = await make_template(server, "prepared_once", preparation)
        second = await make_template(server, "prepared_once", preparation)

        assert first == second
        assert preparation.times <= 1  # none where another worker came first

    async def test_is_made_again_where_its_preparation_failed(self, server: PostgresServer) -> None:
        async def fail(url: str) -> None:
            raise ArithmeticError(url)

        with pytest.raises(ArithmeticError):
            await make_template(server, "failed_once", fail)
        template = await make_template(server, "failed_once", Preparation())

        async with cloned_database(server, template) as url:
            assert await query(url, "SELECT count(*) FROM visits") == 0


class TestClone:
    async def test_shares_no_rows_with_its_neighbour(self, server: PostgresServer) -> None:
        template = await make_template(server, "cloned", Preparation())

        async with cloned_database(server, template) as one, cloned_database(server, template) as other:
            await query(one, "INSERT INTO visits VALUES ('Ada') RETURNING visitor")

            assert await query(one, "SELECT count(*) FROM visits") == 1
            assert await query(other, "SELECT count(*) FROM visits") == 0

    async def test_is_dropped_with_its_open_connections(self, server: PostgresServer) -> None:
        template = await make_template(server, "dropped", Preparation())

        async with cloned_database(server, template) as url:
            forgotten = await asyncpg.connect(url)

        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await asyncpg.connect(url)
        forgotten.terminate()
