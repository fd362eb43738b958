"""The registry on a real socket and a real database, on either engine, with the taxonomies of the first cluster."""

import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_registry.database import open_database
from klaster_registry.main import create_app
from klaster_registry.openapi import NOWHERE
from klaster_registry.seed import seed
from klaster_registry.settings import Settings
from klaster_registry.taxonomies.operations import Taxonomy, create_term
from klaster_registry.taxonomies.schemas import TermCreate
from klaster_shared.access import Role
from klaster_shared.contract import contract_of
from klaster_shared.database import Database
from klaster_shared.labels import Label
from klaster_shared.migrations import upgrade
from klaster_shared.seeding import Gateway
from klaster_shared.testing.postgres import PostgresServer, cloned_database, make_template
from klaster_shared.testing.servers import calling, serving
from klaster_shared.testing.servers import test_keys as keys_folder

As = Callable[..., Awaitable[httpx.AsyncClient]]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

TERMS: dict[Taxonomy, list[dict[str, Any]]] = {
    "interest_groups": [{"code": "MED", "flags": ["health_care"]}, {"code": "BIOF"}, {"code": "EDU"}],
    "fields": [{"code": "medicine", "flags": ["counts"]}, {"code": "food", "flags": ["counts"]}],
    "markets": [{"code": "EU", "flags": ["foreign"]}, {"code": "PL"}],
    "kinds": [
        {"code": "company", "flags": ["business"]},
        {"code": "bank", "flags": ["financial"]},
        {"code": "coordinator"},
        {"code": "clinical_hospital"},
    ],
    "groups": [{"code": "talents"}, {"code": "funding"}],
    "networks": [{"code": "CEBR", "flags": ["international"]}, {"code": "KKK"}],
    "advisory_bodies": [
        {"code": "BOARD", "flags": ["international", "decision"]},
        {"code": "COUNCIL", "flags": ["advisory"]},
    ],
    "person_roles": [{"code": "representative"}, {"code": "expert"}, {"code": "board_member"}],
    "consent_purposes": [
        {"code": "publication", "flags": ["publication"]},
        {"code": "contact", "flags": ["contact"]},
        {"code": "newsletter"},
    ],
    "project_kinds": [
        {"code": "intl", "flags": ["international"]},
        {"code": "research", "flags": ["rdi"]},
        {"code": "union", "flags": ["international", "consortium"]},
    ],
    "document_kinds": [{"code": "report"}, {"code": "roadmap"}],
}


@cache
def contract() -> dict[str, Any]:
    """Made once: it takes longer than most tests."""
    return contract_of(create_app(NOWHERE))


@pytest.fixture
def service_package() -> str:
    return "klaster_registry"


def build(database_url: str, *, run_jobs: bool = False) -> FastAPI:
    """The service, at nine in the morning of 24 November 2026."""
    told = Settings(database_url=database_url, jwks_file=Path(keys_folder() / "jwks.json"), port=1, run_jobs=run_jobs)
    built = create_app(told)
    built.state.clock = lambda: NOW
    built.openapi_schema = contract()
    return built


@asynccontextmanager
async def _serving(database_url: str, *, run_jobs: bool = False) -> AsyncIterator[tuple[FastAPI, str]]:
    built = build(database_url, run_jobs=run_jobs)
    async with serving(built) as url:
        yield built, url


@dataclass(frozen=True)
class Served:
    """The service behind its socket, with callers in two roles."""

    app: FastAPI
    admin: httpx.AsyncClient
    anybody: httpx.AsyncClient


@pytest.fixture(scope="session")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One server for all tests: to start and drain one takes longer than most of them."""
    nowhere = tmp_path_factory.mktemp("nowhere") / "never.db"
    async with (
        _serving(f"sqlite+aiosqlite:///{nowhere}") as (built, base_url),
        calling(base_url, built, "admin") as admin,
        calling(base_url, built, "anonymous") as anybody,
    ):
        yield Served(built, admin, anybody)


@pytest.fixture
async def app(served: Served, database_url: str) -> AsyncIterator[FastAPI]:
    """The service with a fresh database of its own."""
    served.app.state.database = open_database(database_url)
    yield served.app
    await served.app.state.database.dispose()


@pytest.fixture
def empty(app: FastAPI, served: Served) -> httpx.AsyncClient:
    """An administrator of a registry in which nothing stands."""
    return served.admin


@pytest.fixture
async def api(app: FastAPI, empty: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator of a registry with taxonomies."""
    await add_terms(app.state.database)
    return empty


async def add_terms(database: Database) -> None:
    """The taxonomies, in one transaction: fifteen requests would take longer than most tests."""
    async with database.write() as session:
        for taxonomy, terms in TERMS.items():
            for position, term in enumerate(terms):
                name = Label(pl=f"{term['code']} po polsku", en=f"{term['code']} in English")
                given = TermCreate(**term, name=name, position=position)
                await create_term(session, taxonomy=taxonomy, given=given, now=NOW)


@pytest.fixture
def anybody(app: FastAPI, served: Served) -> httpx.AsyncClient:
    """A caller without a key."""
    return served.anybody


@pytest.fixture
async def speaking(app: FastAPI, api: httpx.AsyncClient) -> AsyncIterator[As]:
    """Callers in a role, for an entity."""
    async with AsyncExitStack() as stack:

        async def enter(role: Role, entity: str | None = None) -> httpx.AsyncClient:
            speaks_for = UUID(entity) if entity else None
            return await stack.enter_async_context(calling(str(api.base_url), app, role, entity=speaks_for))

        yield enter


async def run(client: httpx.AsyncClient, *, demonstration: bool = True, clear: bool = False) -> dict[str, int]:
    """Run the seed as a client of the service; what it did."""
    gateway = Gateway(client)
    await seed(gateway, demonstration=demonstration, clear=clear)
    return dict(gateway.done)


@dataclass(frozen=True)
class Demonstration:
    """A registry that holds the demonstration and one real company; tests only read it."""

    admin: httpx.AsyncClient
    anybody: httpx.AsyncClient


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def demonstration(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demonstration]:
    """Loaded once a run and engine, by whichever worker comes first: it takes seconds."""
    if request.param == "sqlite":
        copy = _loaded_sqlite(tmp_path_factory)
    else:
        copy = _loaded_postgresql(request.getfixturevalue("postgresql"))
    async with (
        copy as url,
        _serving(url) as (built, base_url),
        calling(base_url, built, "admin") as admin,
        calling(base_url, built, "anonymous") as anybody,
    ):
        yield Demonstration(admin, anybody)


@asynccontextmanager
async def _loaded_postgresql(server: PostgresServer) -> AsyncIterator[str]:
    template = await make_template(server, "registry_demonstration", _load)
    async with cloned_database(server, template) as url:
        yield url


@asynccontextmanager
async def _loaded_sqlite(factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    # Workers of one run have folders of their own, side by side in one that they share.
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    template = shared / "demonstration.db"
    with (shared / "demonstration.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not template.exists():
            draft = factory.mktemp("loading") / "draft.db"
            await _load(f"sqlite+aiosqlite:///{draft}")
            draft.rename(template)
    copy = factory.mktemp("loaded") / "registry.db"
    shutil.copy(template, copy)
    yield f"sqlite+aiosqlite:///{copy}"


async def _load(url: str) -> None:
    await upgrade(url, "klaster_registry")
    async with _serving(url, run_jobs=True) as (built, base_url), calling(base_url, built, "admin") as admin:
        await run(admin)
        await _add_real_company(admin)


async def _add_real_company(admin: httpx.AsyncClient) -> None:
    body = {
        "names": [{"value": "Prawdziwa Firma"}],
        "kinds": [{"code": "company"}, {"code": "coordinator"}],
        "markets": [{"code": "EU"}],
    }
    entity = (await admin.post("/v1/entities", json=body)).json()
    for step in ("apply", "register"):
        await admin.post(f"/v1/entities/{entity['id']}/{step}", json={"on": "2021-05-01"})
    await admin.post("/v1/networks/CEBR/members", json={"entity": entity["id"], "from": "2021-06-01"})


Add = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def add(api: httpx.AsyncClient) -> Add:
    """Adds an entity by name; other properties as the API takes them."""

    async def add_entity(name: str, **properties: Any) -> dict[str, Any]:
        body = {"names": [{"value": name}], **properties}
        answer = await api.post("/v1/entities", json=body)
        assert answer.status_code == 201, answer.text
        entity: dict[str, Any] = answer.json()
        return entity

    return add_entity


@pytest.fixture
def registered(api: httpx.AsyncClient, add: Add) -> Add:
    """Adds an entity that is registered on a day, 2020-01-01 where none is given."""

    async def add_registered(name: str, *, on: str = "2020-01-01", **properties: Any) -> dict[str, Any]:
        entity = await add(name, **properties)
        for step in ("apply", "register"):
            answer = await api.post(f"/v1/entities/{entity['id']}/{step}", json={"on": on})
            assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return add_registered
