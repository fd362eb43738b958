"""The port that only whoever runs a service reaches."""

import socket

import httpx
import pytest
from fastapi import FastAPI

from klaster_shared.database import Database
from klaster_shared.jobs import Jobs
from klaster_shared.settings import ServiceSettings
from klaster_shared.testing.servers import serving
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.watching.port import watched_worker
from tests.shared.conftest import METADATA


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture
def settings(database_url: str, port: int) -> ServiceSettings:
    return ServiceSettings(database_url=database_url, jwks_file=keys_folder() / "jwks.json", port=1, metrics_port=port)


async def answer_of(client: httpx.AsyncClient, url: str) -> httpx.Response:
    """The answer, as soon as somebody listens."""
    while True:
        try:
            return await client.get(url)
        except httpx.ConnectError:
            continue


class TestPrivatePort:
    async def test_answers_what_the_other_one_then_does_not(
        self, app: FastAPI, settings: ServiceSettings, port: int
    ) -> None:
        app.state.settings = settings
        async with serving(app) as url, httpx.AsyncClient() as client:
            private = f"http://127.0.0.1:{port}"
            assert "klaster_check" in (await answer_of(client, f"{private}/metrics")).text
            assert (await client.get(f"{private}/v1/notes")).status_code == 404
            assert (await client.get(f"{url}/metrics")).status_code == 404
            assert (await client.get(f"{url}/v1/notes")).status_code == 401

    async def test_tells_of_a_process_that_serves_nobody(
        self, database: Database, settings: ServiceSettings, port: int
    ) -> None:
        jobs = Jobs(database, METADATA, handlers={})
        worker = watched_worker("registry", settings=settings, database=database, metadata=METADATA, working=[jobs])
        async with worker, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            ready = await answer_of(client, "/health/ready")
            assert (await client.get("/health/live")).json() == {"state": "live"}
            assert ready.json() == {
                "state": "not_ready",
                "reason": "database: not migrated",
                "troubles": {"migrations": "database: not migrated"},
            }
            assert 'klaster_check{check="migrations"} 0.0' in (await client.get("/metrics")).text
            assert (await client.get("/v1/notes")).status_code == 404
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://127.0.0.1:{port}/metrics")

    async def test_is_none_where_it_is_not_asked_for(self, app: FastAPI) -> None:
        async with serving(app) as url, httpx.AsyncClient() as client:
            assert (await client.get(f"{url}/metrics")).status_code == 200
