"""All services' databases, migrated in copies of one process."""

import os
import sqlite3
import subprocess
from pathlib import Path

from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from deploy.services import SERVICES
from klaster_shared.revisions import head


def migrate(folder: Path, **databases: str) -> subprocess.CompletedProcess[str]:
    """Run the migrations of a stack whose databases lie in a folder, others where they are named."""
    urls = {service: f"sqlite+aiosqlite:///{folder}/{service}.db" for service in SERVICES}
    program = Stack(settings=RunnerSettings(data=folder), databases={**urls, **databases}).migrations()
    told = {**os.environ, **program.environment}
    return subprocess.run(program.command, env=told, capture_output=True, text=True, check=False)


def revision(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


class TestMigrating:
    def test_brings_each_database_to_its_newest_revision_and_then_changes_nothing(self, tmp_path: Path) -> None:
        for _ in range(2):
            done = migrate(tmp_path)
            assert (done.returncode, done.stdout) == (0, ""), done.stderr
            found = {service: revision(tmp_path / f"{service}.db") for service in SERVICES}
            assert found == {service: head(f"klaster_{service}") for service in SERVICES}

    def test_names_the_one_that_cannot_be_migrated_and_migrates_the_others(self, tmp_path: Path) -> None:
        (tmp_path / "broken").write_text("this is no database, and long enough to be looked at as one" * 100)

        done = migrate(tmp_path, events=f"sqlite+aiosqlite:///{tmp_path}/broken")

        assert done.returncode == 1
        assert done.stdout.splitlines()[-1].startswith("events's database could not be migrated")
        assert revision(tmp_path / "gateway.db") == head("klaster_gateway")
