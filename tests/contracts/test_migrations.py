"""The models say what the migrations made, on both engines. `make migration SERVICE=... NAME=...` repairs a drift."""

from pathlib import Path

import pytest

from klaster_shared.migrations import drift, upgrade
from klaster_shared.testing.databases import postgresql_copy
from tests.services import NAMES


@pytest.mark.parametrize("name", NAMES)
class TestMigrations:
    async def test_make_what_the_models_say(
        self, name: str, engine: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        if engine == "sqlite":
            url = f"sqlite+aiosqlite:///{tmp_path}/{name}.db"
            await upgrade(url, f"klaster_{name}")
            await drift(url, f"klaster_{name}")
            return
        async with postgresql_copy(f"klaster_{name}", request.getfixturevalue("postgresql")) as url:
            await drift(url, f"klaster_{name}")

    async def test_change_nothing_the_second_time(self, name: str, tmp_path: Path) -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/{name}.db"
        await upgrade(url, f"klaster_{name}")
        await upgrade(url, f"klaster_{name}")
