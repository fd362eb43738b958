"""A stack of compose: its databases are copied and filled inside the database server's container."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.keeping import programs
from deploy.keeping.postgresql import FILL, PostgresqlStack
from deploy.local.errors import Refusal
from deploy.local.processes import Program
from deploy.services import SERVICES

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 60  # seconds, and tries, until the server lets us in


class ComposeStack(PostgresqlStack):
    """The project in this folder, or the one that COMPOSE_PROJECT_NAME and COMPOSE_FILE name."""

    def __init__(self) -> None:
        self._compose = (*_compose(), "--project-directory", str(ROOT))

    def program(self, service: str, module: str, *arguments: str) -> Program:
        """A module in a container of the service's own, which goes when it has ended."""
        return self._program(service, "run", "--rm", "--no-deps", "-T", service, "python", "-m", module, *arguments)

    def dumping(self, service: str, snapshot: str) -> Program:
        """pg_dump of the server's own version."""
        options = ("--username=postgres", "--format=custom", f"--snapshot={snapshot}", f"klaster_{service}")
        return self._inside("pg_dump", *options)

    def filling(self, service: str) -> Program:
        """pg_restore of the server's own version; what it makes belongs to the service's role."""
        database = f"klaster_{service}"
        return self._inside(*FILL, "--username=postgres", f"--role={database}", f"--dbname={database}")

    @asynccontextmanager
    async def emptied(self) -> AsyncIterator[None]:
        """The database server alone, with databases without a table; dropped where filling them failed."""
        await self._server()
        await self.refuse_tables()
        try:
            yield
        except BaseException:
            for service in SERVICES:
                await programs.ask(self._inside("dropdb", "--username=postgres", "--force", f"klaster_{service}"))
            raise

    async def _server(self) -> None:
        await programs.ask(self._program("postgres", "up", "--detach", "postgres"))
        making = self._program("databases", "run", "--rm", "--no-deps", "-T", "databases")
        for left in reversed(range(STARTS_WITHIN)):
            try:
                await programs.ask(making)
                return
            except Refusal:
                if not left:
                    raise
            await asyncio.sleep(1)

    def _inside(self, *command: str) -> Program:
        return self._program(command[0], "exec", "-T", "postgres", *command)

    def _program(self, name: str, *arguments: str) -> Program:
        return Program(name=name, command=(*self._compose, *arguments))


def _compose() -> Sequence[str]:
    """Compose as the machine has it, v2 or 1.29; raises Refusal where there is none, or no engine answers."""
    for command in (("docker", "compose"), ("docker-compose",)):
        version = [*command, "version"]
        if shutil.which(command[0]) and subprocess.run(version, capture_output=True, check=False).returncode == 0:
            return command
    raise Refusal("COMPOSE=1 needs docker compose or docker-compose, and this machine has neither")
