"""Databases on PostgreSQL, copied by its own pg_dump and filled by its own pg_restore, whoever runs these."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from deploy.keeping import programs
from deploy.keeping.archive import Engine
from deploy.keeping.stacks import taking_stock
from deploy.local.errors import Refusal
from deploy.local.processes import Program
from deploy.services import SERVICES
from klaster_shared.stock import Stock

# All of a database or nothing of it, as whoever fills it: owners and rights are those of the stack, not of the copy.
FILL = ("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")


class PostgresqlStack(ABC):
    """What `make run DATABASE=` and compose have in common."""

    engine: Engine = "postgresql"

    @abstractmethod
    def program(self, service: str, module: str, *arguments: str) -> Program:
        """A module of a service, told where its database is."""

    @abstractmethod
    def dumping(self, service: str, snapshot: str) -> Program:
        """pg_dump of a service's database as a snapshot shows it, to standard output."""

    @abstractmethod
    def filling(self, service: str) -> Program:
        """pg_restore into a service's database, from standard input."""

    @abstractmethod
    def emptied(self) -> AbstractAsyncContextManager[None]:
        """Databases with nothing in them, for as long as it takes to fill them."""

    async def copy(self, service: str, into: Path) -> Stock:
        """Count and copy in one snapshot, however much is written meanwhile."""
        async with programs.held(taking_stock(self, service, "--hold")) as stock:
            await programs.write(self.dumping(service, stock.snapshot or ""), into)
        return stock.model_copy(update={"snapshot": None})

    async def load(self, service: str, copy: Path) -> None:
        """Fill a service's database, all of it or nothing."""
        await programs.ask(self.filling(service), given=copy)

    async def refuse_tables(self) -> None:
        """Raise Refusal where a database holds anything."""
        for service in SERVICES:
            if (await programs.stock(taking_stock(self, service))).tables:
                raise Refusal(f"the database of {service} holds a stack already: restore into an empty one")
