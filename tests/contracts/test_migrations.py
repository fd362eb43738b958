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


@pytest.mark.parametrize("name", NAMES)
def test_every_module_of_tables_is_named_in_the_environment(name: str) -> None:
    """Else its tables look like some to drop, or not, by what else happens to be imported."""
    package = Path(__file__).parents[2] / "services" / name / f"klaster_{name}"
    told = (package / "migrations" / "env.py").read_text(encoding="utf-8")
    nouns = sorted(path.parent.relative_to(package).as_posix() for path in package.rglob("models.py"))
    assert [noun for noun in nouns if f"from klaster_{name}.{noun.replace('/', '.')} import models" not in told] == []
