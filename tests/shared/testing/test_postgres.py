"""The server for tests: one template a run, a copy of its own for each test, nothing left behind."""

import asyncpg
import pytest

from klaster_shared.testing.postgres import PostgresServer, cloned_database, make_template

pytestmark = pytest.mark.postgresql


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
    async def test_is_prepared_once_however_often_it_is_asked_for(self, postgresql: PostgresServer) -> None:
        preparation = Preparation()

        first = await make_template(postgresql, "prepared_once", preparation)
        second = await make_template(postgresql, "prepared_once", preparation)

        assert first == second
        assert preparation.times <= 1  # none where another worker came first

    async def test_is_made_again_where_its_preparation_failed(self, postgresql: PostgresServer) -> None:
        async def fail(url: str) -> None:
            raise ArithmeticError(url)

        with pytest.raises(ArithmeticError):
            await make_template(postgresql, "failed_once", fail)
        template = await make_template(postgresql, "failed_once", Preparation())

        async with cloned_database(postgresql, template) as url:
            assert await query(url, "SELECT count(*) FROM visits") == 0


class TestClone:
    async def test_shares_no_rows_with_its_neighbour(self, postgresql: PostgresServer) -> None:
        template = await make_template(postgresql, "cloned", Preparation())

        async with cloned_database(postgresql, template) as one, cloned_database(postgresql, template) as other:
            await query(one, "INSERT INTO visits VALUES ('Ada') RETURNING visitor")

            assert await query(one, "SELECT count(*) FROM visits") == 1
            assert await query(other, "SELECT count(*) FROM visits") == 0

    async def test_is_dropped_with_its_open_connections(self, postgresql: PostgresServer) -> None:
        template = await make_template(postgresql, "dropped", Preparation())

        async with cloned_database(postgresql, template) as url:
            forgotten = await asyncpg.connect(url)

        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await asyncpg.connect(url)
        forgotten.terminate()
