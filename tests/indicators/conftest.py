"""The indicators service on a real socket and a real database, on either engine, with or without its strategy."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_indicators.document.reading import read_strategy
from klaster_indicators.main import create_app
from klaster_indicators.openapi import NOWHERE
from klaster_indicators.settings import Settings
from klaster_indicators.strategy import STRATEGY_FILE
from klaster_indicators.strategy.operations import take_in
from klaster_shared.contract import contract_of
from klaster_shared.testing.servers import calling, serving
from klaster_shared.testing.servers import test_keys as keys_folder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@cache
def contract() -> dict[str, Any]:
    """Made once: it takes longer than most tests."""
    return contract_of(create_app(NOWHERE))


@pytest.fixture
def now() -> datetime:
    """Ten in the morning of 24 November 2026, in Kraków."""
    return NOW


@pytest.fixture
def service_package() -> str:
    return "klaster_indicators"


@pytest.fixture
def app(database_url: str) -> FastAPI:
    """The service at that time; its neighbours are away."""
    keys: Path = keys_folder()
    settings = Settings(
        database_url=database_url,
        jwks_file=keys / "jwks.json",
        private_key_file=keys / "indicators.jwk",
        registry_url="http://127.0.0.1:1",
        events_url="http://127.0.0.1:1",
        run_jobs=False,
    )
    built = create_app(settings)
    built.state.clock = lambda: NOW
    built.openapi_schema = contract()
    return built


@pytest.fixture
async def base_url(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as url:
        yield url


@pytest.fixture
async def empty(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """An administrator of a service without a strategy."""
    async with calling(base_url, app, "admin") as client:
        yield client


@pytest.fixture
async def api(app: FastAPI, empty: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator of a service with the 2022 strategy."""
    async with app.state.database.write() as session:
        await take_in(session, document=read_strategy(STRATEGY_FILE), known=None, now=NOW)
    return empty


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
