"""The service says whether it may be given work, and everything that is the matter with it."""

from pathlib import Path

import httpx
from fastapi import FastAPI

from klaster_shared.testing.servers import serving
from tests.registry.conftest import build


def without(app: FastAPI, **files: Path) -> None:
    app.state.settings = app.state.settings.model_copy(update=files)


class TestReady:
    async def test_finds_nothing_wrong_where_all_is_well(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.get("/health/ready")).json() == {"state": "ready", "troubles": {}}

    async def test_says_what_is_the_matter_and_works_on_where_it_can(self, tmp_path: Path, database_url: str) -> None:
        app = build(database_url)
        without(app, private_key_file=tmp_path / "registry.jwk")
        async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
            ready, detail = await client.get("/health/ready"), await client.get("/health")
        troubles = {"private_key": "registry.jwk cannot be read: No such file or directory"}
        assert (ready.status_code, ready.json()) == (200, {"state": "ready", "troubles": troubles})
        assert (detail.json()["state"], detail.json()["troubles"]) == ("degraded", troubles)

    async def test_takes_no_work_where_nobody_s_token_can_be_checked(self, tmp_path: Path, database_url: str) -> None:
        app = build(database_url)
        without(app, jwks_file=tmp_path / "jwks.json")
        async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
            ready = await client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["reason"] == "jwks.json cannot be read: No such file or directory"

    async def test_takes_no_work_before_its_database_is_migrated(self, tmp_path: Path) -> None:
        async with serving(build(f"sqlite+aiosqlite:///{tmp_path}/new.db")) as url, httpx.AsyncClient() as client:
            ready = await client.get(f"{url}/health/ready")
        assert (ready.status_code, ready.json()["reason"]) == (503, "database: not migrated")
        assert ready.json()["troubles"] == {"migrations": "database: not migrated"}
