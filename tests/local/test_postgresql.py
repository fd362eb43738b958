"""`make run DATABASE=`: a database and a role per service, and each opens its own door alone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.errors import Refusal
from deploy.local.postgresql import databases_on
from klaster_shared.testing.postgres import PostgresServer

pytestmark = pytest.mark.postgresql


@pytest.fixture
def services() -> list[str]:
    """Names of this test's own: a server given by TEST_DATABASE_URL may hold the real ones."""
    return [f"{name}_{uuid4().hex[:8]}" for name in ("registry", "events")]


@pytest.fixture(autouse=True)
async def tidied(postgresql: PostgresServer, services: list[str]) -> AsyncIterator[None]:
    yield
    admin = await asyncpg.connect(postgresql.url)
    for service in services:
        await admin.execute(f'DROP DATABASE IF EXISTS "klaster_{service}" WITH (FORCE)')
        await admin.execute(f'DROP ROLE IF EXISTS "klaster_{service}"')
    await admin.close()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


class TestDatabases:
    async def test_belong_to_a_role_each(self, postgresql: PostgresServer, services: list[str], tmp_path: Path) -> None:
        urls = await databases_on(postgresql.url, services, tmp_path)

        for service in services:
            assert await ask(urls[service], "SELECT current_user") == f"klaster_{service}"
            assert await ask(urls[service], "SELECT current_database()") == f"klaster_{service}"
            await ask(urls[service], "CREATE TABLE visits (visitor text)")

    async def test_sort_byte_by_byte(self, postgresql: PostgresServer, services: list[str], tmp_path: Path) -> None:
        urls = await databases_on(postgresql.url, services, tmp_path)

        query = "SELECT string_agg(word, '' ORDER BY word) FROM (VALUES ('a'), ('B'), ('_'), ('ł')) AS words (word)"
        assert await ask(urls[services[0]], query) == "B_ał"

    async def test_are_closed_to_other_roles(
        self, postgresql: PostgresServer, services: list[str], tmp_path: Path
    ) -> None:
        urls = await databases_on(postgresql.url, services, tmp_path)
        first, second = services

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(urlsplit(urls[first])._replace(path=f"/klaster_{second}").geturl())

    async def test_are_made_once(self, postgresql: PostgresServer, services: list[str], tmp_path: Path) -> None:
        urls = await databases_on(postgresql.url, services, tmp_path)
        await ask(urls[services[0]], "CREATE TABLE visits (visitor text)")

        again = await databases_on(postgresql.url, services, tmp_path)

        assert again == urls
        assert await ask(again[services[0]], "SELECT count(*) FROM visits") == 0

    async def test_keep_their_passwords_where_nobody_else_reads(
        self, postgresql: PostgresServer, services: list[str], tmp_path: Path
    ) -> None:
        await databases_on(postgresql.url, services, tmp_path)

        file = tmp_path / "postgresql.json"
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(set(json.loads(file.read_text()).values())) == len(services)

    async def test_can_be_made_by_a_role_that_is_no_superuser(
        self, postgresql: PostgresServer, services: list[str], tmp_path: Path
    ) -> None:
        maker = f"maker_{uuid4().hex[:8]}"
        await ask(postgresql.url, f"CREATE ROLE {maker} LOGIN CREATEDB CREATEROLE PASSWORD 'm'")
        hosts = urlsplit(postgresql.url).netloc.rpartition("@")[2]

        urls = await databases_on(f"postgresql://{maker}:m@{hosts}/postgres", services, tmp_path)

        assert await ask(urls[services[0]], "SELECT 1") == 1
        for service in services:
            await ask(postgresql.url, f'DROP DATABASE "klaster_{service}"')
            await ask(postgresql.url, f'DROP OWNED BY "klaster_{service}"')
            await ask(postgresql.url, f'DROP ROLE "klaster_{service}"')
        await ask(postgresql.url, f"DROP ROLE {maker}")


class TestRefusal:
    async def test_names_the_setting_where_nobody_answers(self, services: list[str], tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="the server that DATABASE= names does not let us in"):
            await databases_on("postgresql://a:b@127.0.0.1:1/x", services, tmp_path)

    async def test_says_that_the_role_may_not(
        self, postgresql: PostgresServer, services: list[str], tmp_path: Path
    ) -> None:
        nobody = f"nobody_{uuid4().hex[:8]}"
        await ask(postgresql.url, f"CREATE ROLE {nobody} LOGIN PASSWORD 'n'")
        hosts = urlsplit(postgresql.url).netloc.rpartition("@")[2]

        with pytest.raises(Refusal, match="may not create databases and roles"):
            await databases_on(f"postgresql://{nobody}:n@{hosts}/postgres", services, tmp_path)

        await ask(postgresql.url, f"DROP ROLE {nobody}")
