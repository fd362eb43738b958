"""Where a database stands, and should: read without the tool that migrates, and the same as it says."""

import importlib
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from deploy.services import SERVICES
from klaster_shared.database import Database
from klaster_shared.migrations import upgrade
from klaster_shared.revisions import head, is_current

PACKAGES = [f"klaster_{service}" for service in SERVICES]


def revisions(package: str) -> list[str]:
    """All of a package, the newest first, as Alembic reads them."""
    config = Config()
    config.set_main_option(
        "script_location", f"{Path(importlib.import_module(package).__file__ or '').parent}/migrations"
    )
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


class TestHead:
    @pytest.mark.parametrize("package", PACKAGES)
    def test_is_the_one_that_alembic_ends_at(self, package: str) -> None:
        assert head(package) == revisions(package)[0]


class TestIsCurrent:
    async def test_knows_empty_and_older_databases_from_current_ones(self, tmp_path: Path) -> None:
        package = "klaster_gateway"
        older, newest = revisions(package)[1], revisions(package)[0]
        url = f"sqlite+aiosqlite:///{tmp_path}/gateway.db"
        found = []
        for revision in (None, older, newest, newest):
            if revision is not None:
                await upgrade(url, package, to="head" if revision == newest else revision)
            database = Database(url)
            async with database.read() as session:
                found.append(await is_current(session, package))
            await database.dispose()
        assert found == [False, False, True, True]
