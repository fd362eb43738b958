"""The indicators service on a real socket and a real database, on either engine, with or without its strategy."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_indicators.database import open_database
from klaster_indicators.document.reading import read_strategy
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.main import create_app
from klaster_indicators.openapi import NOWHERE
from klaster_indicators.settings import Settings
from klaster_indicators.strategy import STRATEGY_FILE
from klaster_indicators.strategy.operations import take_in
from klaster_shared.contract import contract_of
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import PostgresServer, cloned_database, make_template
from klaster_shared.testing.servers import calling, serving
from klaster_shared.testing.servers import test_keys as keys_folder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NOWHERE_URLS = {"registry_url": "http://127.0.0.1:1", "events_url": "http://127.0.0.1:1"}


@cache
def contract() -> dict[str, Any]:
    """Made once: it takes longer than most tests."""
    return contract_of(create_app(NOWHERE))


@pytest.fixture
def now() -> datetime:
    """Ten in the morning of 24 November 2026, in Kraków."""
    return NOW


@cache
def strategy() -> StrategyDocument:
    """The 2022 strategy, read once."""
    return read_strategy(STRATEGY_FILE)


async def bring_in(url: str) -> None:
    """Migrate a database and take the strategy in: once a run and engine, then it is copied."""
    await upgrade(url, "klaster_indicators")
    database = open_database(url)
    async with database.write() as session:
        await take_in(session, document=strategy(), known=None, now=NOW)
    await database.dispose()


async def migrate(url: str) -> None:
    """Make the tables."""
    await upgrade(url, "klaster_indicators")


Prepare = Callable[[str], Awaitable[None]]


@asynccontextmanager
async def prepared_database(
    request: pytest.FixtureRequest, engine: str, prepare: Prepare, *, templates: Path, folder: Path
) -> AsyncIterator[str]:
    """A copy of the database that `prepare` makes, once a run and engine."""
    if engine == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        async with cloned_database(server, await make_template(server, prepare.__name__, prepare)) as url:
            yield url
        return
    template = templates / f"indicators-{prepare.__name__}.db"
    if not template.exists():
        await prepare(f"sqlite+aiosqlite:///{template}")
    shutil.copy(template, folder / "indicators.db")
    yield f"sqlite+aiosqlite:///{folder}/indicators.db"


@pytest.fixture
async def database_url(
    request: pytest.FixtureRequest, engine: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """A fresh database on either engine: with the strategy, or, for tests that ask for `empty`, without."""
    prepare = migrate if "empty" in request.fixturenames else bring_in
    templates = tmp_path_factory.getbasetemp()
    async with prepared_database(request, engine, prepare, templates=templates, folder=tmp_path) as url:
        yield url


@pytest.fixture
def neighbour_urls() -> dict[str, str]:
    """Where the neighbours are: nowhere, but where a test needs them."""
    return NOWHERE_URLS


def service(database_url: str, **urls: str) -> FastAPI:
    """The service at that time."""
    keys: Path = keys_folder()
    settings = Settings(
        database_url=database_url,
        jwks_file=keys / "jwks.json",
        private_key_file=keys / "indicators.jwk",
        registry_url=urls["registry_url"],
        events_url=urls["events_url"],
        run_jobs=False,
    )
    built = create_app(settings)
    built.state.clock = lambda: NOW
    built.openapi_schema = contract()
    return built


@pytest.fixture
def app(database_url: str, neighbour_urls: dict[str, str]) -> FastAPI:
    return service(database_url, **neighbour_urls)


@pytest.fixture
async def base_url(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as url:
        yield url


@pytest.fixture
async def admin(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(base_url, app, "admin") as client:
        yield client


@pytest.fixture
def empty(admin: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator of a service without a strategy."""
    return admin


@pytest.fixture
def api(admin: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator of a service with the 2022 strategy."""
    return admin


@pytest.fixture
async def anybody(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    async with calling(base_url, app, "anonymous") as client:
        yield client


@pytest.fixture
async def office(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the cluster's office."""
    async with calling(base_url, app, "office") as client:
        yield client


Worker = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def worker(app: FastAPI) -> Worker:
    """Jobs are worked off while it is open."""

    @asynccontextmanager
    async def working() -> AsyncIterator[None]:
        stop = asyncio.Event()
        jobs = asyncio.create_task(app.state.jobs.run(stop))
        yield
        stop.set()
        await jobs

    return working
