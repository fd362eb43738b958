"""A registry that the tests of a module only read: filled once for them all, on either engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from klaster_registry.database import open_database
from klaster_shared.database import Database
from klaster_shared.testing.databases import postgresql_copy, sqlite_copy
from tests.registry.conftest import Served, add_terms

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
Known = dict[str, dict[str, Any]]
Fill = Callable[[httpx.AsyncClient], Awaitable[Known]]


@dataclass(frozen=True)
class Shelf:
    """What stands in the registry, by a short name, and a caller without a key."""

    database: Database
    known: Known
    served: Served

    @property
    def ids(self) -> dict[str, str]:
        return {name: entity["id"] for name, entity in self.known.items()}

    def opened(self) -> "Shelf":
        """Served from now on, whichever database a test before had put there."""
        self.served.app.state.database = self.database
        return self

    @property
    def anybody(self) -> httpx.AsyncClient:
        return self.served.anybody


@asynccontextmanager
async def filled(request: pytest.FixtureRequest, served: Served, fill: Fill) -> AsyncIterator[Shelf]:
    """A shelf on the engine that the fixture's parameter names."""
    factory = request.getfixturevalue("tmp_path_factory")
    if request.param == "postgresql":
        copy = postgresql_copy("klaster_registry", request.getfixturevalue("postgresql"))
    else:
        templates = factory.getbasetemp() / "templates"
        templates.mkdir(exist_ok=True)
        copy = sqlite_copy("klaster_registry", templates=templates, folder=factory.mktemp("shelf"))
    async with copy as url:
        database = open_database(url)
        served.app.state.database = database
        await add_terms(database)
        yield Shelf(database, await fill(served.admin), served)
        await database.dispose()


async def put(client: httpx.AsyncClient, name: str, **properties: Any) -> dict[str, Any]:
    """Add an entity."""
    answer = await client.post("/v1/entities", json={"names": [{"value": name}], **properties})
    assert answer.status_code == 201, answer.text
    entity: dict[str, Any] = answer.json()
    return entity
