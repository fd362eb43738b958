"""A stack of `make run DATABASE=`: four databases on a server that somebody else runs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import asyncpg

from deploy.keeping.postgresql import FILL, PostgresqlStack
from deploy.local import folder
from deploy.local.postgresql import databases_on
from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from deploy.services import SERVICES


class ServerStack(PostgresqlStack):
    """Its services' databases, reached from this machine."""

    def __init__(self, settings: RunnerSettings, databases: Mapping[str, str]) -> None:
        self._settings = settings
        self._databases = databases

    def program(self, service: str, module: str, *arguments: str) -> Program:
        """A module of a service, told where its database is."""
        return Stack(settings=self._settings, databases=self._databases).module(service, module, *arguments)

    def dumping(self, service: str, snapshot: str) -> Program:
        """pg_dump of this machine."""
        return self._client(service, "pg_dump", "--format=custom", f"--snapshot={snapshot}")

    def filling(self, service: str) -> Program:
        """pg_restore of this machine."""
        return self._client(service, *FILL)

    @asynccontextmanager
    async def emptied(self) -> AsyncIterator[None]:
        """Databases without a table; those of a restore that failed or was cut short are dropped."""
        data, server = self._settings.data, self._settings.database
        assert server is not None
        with folder.locked(data):
            if folder.is_restoring(data):
                await _drop(server)
            self._databases = await databases_on(server, SERVICES, data)
            await self.refuse_tables()
            with folder.restoring(data):
                try:
                    yield
                except BaseException:
                    await _drop(server)
                    raise

    def _client(self, service: str, *command: str) -> Program:
        """The password goes by a variable: a command line is read by all who are on the machine."""
        parts = urlsplit(self._databases[service])
        user, hosts = parts.netloc.rpartition("@")[::2]
        name, _, password = user.partition(":")
        url = parts._replace(netloc=f"{name}@{hosts}").geturl()
        environment = {"PGPASSWORD": unquote(password)} if password else {}
        return Program(name=command[0], command=(*command, f"--dbname={url}"), environment=environment)


async def _drop(server: str) -> None:
    admin = await asyncpg.connect(server, timeout=10)
    try:
        for service in SERVICES:
            await admin.execute(f'DROP DATABASE IF EXISTS "klaster_{service}" WITH (FORCE)')
    finally:
        await admin.close()
