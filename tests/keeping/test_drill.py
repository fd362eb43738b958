"""The drill: a stack that is written to is backed up, destroyed, restored, moved, and backed up and restored again.

What was acknowledged before the backup is there, counts, figures and positions are the same, who follows goes on where
they were, who had read what is lost now is told so, and who was erased since the backup stays erased.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from deploy.services import SERVICES
from klaster_shared.changes import ROOM
from klaster_shared.testing.postgres import PostgresServer
from tests.running import READY_WITHIN, SEEDED_WITHIN, Running, free_ports

# One start serves a class, in the order of its tests: they tell one story.
pytestmark = pytest.mark.timeout(600)
EMAIL = "dora@example.org"
WITHIN = 120.0  # seconds for a few writes; moments on a machine that does nothing else


class Drill:
    """A stack that is destroyed and comes back: its folders, its archive, the key that opens all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backups = folder / "backups"
        self.key = ""
        self.variables = {"DEMO": "0", "LOG_LEVEL": "WARNING"}
        self.written: list[str] = []
        self.failed: list[str] = []
        self.ahead = 0
        self._number = 0
        self.running: Running | None = None

    @property
    def home(self) -> Path:
        return self.folder / f"home{self._number}"

    @property
    def manifest(self) -> dict[str, Any]:
        with tarfile.open(max(self.backups.glob("*.tar.gz"))) as archive:
            found = archive.extractfile("manifest.json")
            assert found is not None
            return dict(json.load(found))

    def start(self, until: str = "ready") -> None:
        self.home.mkdir(exist_ok=True)
        self.running = Running(self.home, free_ports(), **self.variables)
        self.running.until_said(until, READY_WITHIN + SEEDED_WITHIN)

    def keep(self, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "DATA": str(self.home / "data"), **self.variables}
        line = [sys.executable, "-m", "deploy.keeping", command, *arguments]
        return subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=300)

    def back_up(self) -> None:
        done = self.keep("backup", "--to", str(self.backups))
        assert done.returncode == 0, done.stderr

    def restore(self) -> "subprocess.CompletedProcess[str]":
        return self.keep("restore", str(max(self.backups.glob("*.tar.gz"))))

    def destroy(self) -> None:
        """Kill everything; of the folder the ledger of erasures is left alone."""
        assert self.running is not None
        self.running.process.kill()
        self.running.process.wait(timeout=30)
        ledger = self.home / "data" / "erasures.jsonl"
        self._number += 1
        (self.home / "data").mkdir(parents=True, mode=0o700)
        shutil.copy(ledger, self.home / "data")

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        assert self.running is not None
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.running.url, headers=headers, timeout=30, trust_env=False) as client:
            yield client

    def ask(self, method: str, path: str, **given: Any) -> Any:
        with self.client() as client:
            answer = client.request(method, path, **given)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def write(self) -> str:
        found: str = self.ask("POST", "/v1/entities", json={"names": [{"value": "Pracownia pod obciążeniem"}]})["id"]
        self.written.append(found)
        return found

    @contextmanager
    def load(self) -> Iterator[None]:
        """Somebody who writes all the time, and somebody who follows."""
        stop = threading.Event()

        def work(once: Any) -> None:
            while not stop.wait(0.1):  # all the time, but leaving the machine to others
                try:
                    once()
                except (httpx.HTTPError, AssertionError) as error:  # nobody was told that it was written
                    self.failed.append(repr(error))

        threads = [threading.Thread(target=work, args=(once,)) for once in (self.write, self.write, self.follow)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def until_written(self, more: int) -> None:
        """Wait until that many more writes were acknowledged."""
        wanted, limit = len(self.written) + more, time.monotonic() + WITHIN
        while len(self.written) < wanted:
            assert time.monotonic() < limit, self.failed[-5:]
            time.sleep(0.05)

    def follow(self) -> None:
        page = self.ask("GET", "/v1/registry/changes", params={"after": self.ahead, "limit": 500})
        self.ahead = int(page["next"])

    def changes(self, after: int) -> httpx.Response:
        with self.client() as client:
            return client.get("/v1/registry/changes", params={"after": after})

    def total(self) -> int:
        return int(self.ask("GET", "/v1/entities", params={"count": "true", "limit": 1})["total"])


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    drill = Drill(tmp_path_factory.mktemp("drill"))
    drill.start(until="seeded")
    assert drill.running is not None
    drill.key = drill.running.admin_key
    yield drill
    if drill.running is not None and drill.running.process.poll() is None:
        drill.running.stop()


def registered(drill: Drill) -> None:
    """Somebody who takes part in an event."""
    begins = datetime.now(UTC) + timedelta(days=2)
    event = {
        "type": "networking",
        "organiser": drill.write(),
        "title": {"pl": "Śniadanie", "en": "Breakfast"},
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=2)).isoformat(),
        "capacity": 20,
        "state": "published",
    }
    found = drill.ask("POST", "/v1/events", json=event)["id"]
    person = {"name": "Dora", "email": EMAIL, "language": "en"}
    drill.ask("POST", f"/v1/events/{found}/registrations", json=person)


def person(drill: Drill) -> httpx.Response:
    with drill.client() as client:
        return client.post("/v1/privacy/people/find", json={"email": EMAIL})


def figures(drill: Drill, service: str) -> dict[str, str | None]:
    day = drill.manifest["services"][service]["day"]
    items = drill.ask("GET", f"/v1/{service}/figures", params={"as_of": day})["items"]
    return {item["name"]: None if item["value"] is None else str(item["value"]) for item in items}


class TestSqlite:
    def test_is_backed_up_while_it_is_written_to(self, drill: Drill) -> None:
        registered(drill)
        with drill.load():
            drill.until_written(3)
            acknowledged = list(drill.written)
            drill.back_up()
            drill.until_written(3)
        drill.ask("POST", f"/v1/privacy/people/{person(drill).json()['id']}/erase", json={"reason": "asked"})
        drill.follow()

        assert drill.manifest["engine"] == "sqlite"
        assert drill.ahead > drill.manifest["services"]["registry"]["position"]
        drill.written = acknowledged

    def test_comes_back_as_it_was(self, drill: Drill) -> None:
        drill.destroy()
        done = drill.restore()
        assert done.returncode == 0, done.stderr
        assert "erased again: 1" in done.stdout
        drill.start()

        tables = drill.manifest["services"]["registry"]["tables"]
        assert drill.total() == tables["entities"]
        assert [one for one in drill.written if drill.ask("GET", f"/v1/entities/{one}")["id"] != one] == []
        for service in ("registry", "events"):
            assert figures(drill, service) == drill.manifest["services"][service]["figures"]
        assert person(drill).status_code == 404

    def test_followers_go_on_where_they_were(self, drill: Drill) -> None:
        position = drill.manifest["services"]["registry"]["position"]
        assert drill.changes(position).json()["items"] == []

        new = drill.write()

        assert [item["id"] for item in drill.changes(position).json()["items"]] == [new]

    def test_who_had_read_what_is_lost_is_told_so_however_much_comes_after(self, drill: Drill) -> None:
        lost = drill.changes(drill.ahead)
        assert (lost.status_code, lost.json()["code"]) == (410, "position_gone")

    def test_is_not_filled_a_second_time(self, drill: Drill) -> None:
        assert drill.running is not None
        drill.running.stop()
        done = drill.restore()

        assert done.returncode == 1
        assert done.stderr.startswith(
            f"klaster: {drill.home / 'data'} holds a stack (gateway.db): restore into another"
        )
        assert done.stderr.count("\n") == 1

    def test_nothing_runs_on_a_restore_that_was_cut_short(self, drill: Drill) -> None:
        mark = drill.home / "data" / "restoring.json"
        mark.write_text("{}")
        refused = Running(drill.home, free_ports(), **drill.variables)
        assert refused.process.wait(timeout=30) == 1
        assert "was cut short: run `make restore` once more" in refused.output
        mark.unlink()


@pytest.fixture(scope="module")
async def server(drill: Drill, postgresql: PostgresServer) -> AsyncIterator[PostgresServer]:
    """A server for the stack, which is gone from it afterwards."""
    yield postgresql
    if drill.running is not None and drill.running.process.poll() is None:
        drill.running.stop()
    await dropped(postgresql)


@pytest.mark.postgresql
@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="the server that is given may hold a stack of its own")
class TestPostgresql:
    async def test_a_stack_moves_there_row_by_row(self, drill: Drill, server: PostgresServer) -> None:
        drill.variables["DATABASE"] = server.url
        done = drill.keep("move-to")

        assert done.returncode == 0, done.stderr
        assert done.stdout.count("each the same") == len(SERVICES)

    async def test_its_files_are_not_started_by_mistake(self, drill: Drill) -> None:
        refused = Running(drill.home, free_ports(), **{**drill.variables, "DATABASE": ""})
        assert refused.process.wait(timeout=30) == 1
        assert "this stack has moved to postgresql://127.0.0.1" in refused.output

    async def test_it_goes_on_there(self, drill: Drill) -> None:
        drill.start()
        before = drill.total()
        new = drill.write()

        assert drill.total() == before + 1
        found = drill.ask("GET", "/v1/registry/search", params={"q": "pracownia obciążeniem", "limit": 500})["items"]
        assert new in {item["id"] for item in found}

    @pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads the list of processes as Linux shows it")
    async def test_its_passwords_are_neither_listed_nor_written(self, drill: Drill) -> None:
        assert drill.running is not None
        passwords = json.loads((drill.home / "data" / "postgresql.json").read_text()).values()
        seen = drill.running.output + "".join(drill.running.commands())
        assert "klaster_registry" in seen
        assert [password for password in passwords if password in seen] == []

    async def test_comes_back_as_it_was_while_it_was_written_to(self, drill: Drill, server: PostgresServer) -> None:
        with drill.load():
            drill.back_up()
            drill.until_written(1)
        manifest = drill.manifest
        drill.destroy()
        await dropped(server)

        done = drill.restore()

        assert done.returncode == 0, done.stderr
        assert done.stdout.count("each table as it was") == len(SERVICES)
        passwords = json.loads((drill.home / "data" / "postgresql.json").read_text())
        url = urlsplit(server.database("klaster_registry"))
        own = url._replace(netloc=f"klaster_registry:{passwords['registry']}@{url.netloc.rpartition('@')[2]}").geturl()
        connection = await asyncpg.connect(own)
        entities = await connection.fetchval("SELECT count(*) FROM entities")
        positions = await connection.fetch("SELECT position FROM changes ORDER BY position DESC LIMIT 2")
        await connection.close()
        registry = manifest["services"]["registry"]
        assert entities == registry["tables"]["entities"]
        assert positions[1]["position"] == registry["position"]
        assert positions[0]["position"] == registry["position"] + ROOM


async def dropped(server: PostgresServer) -> None:
    admin = await asyncpg.connect(server.url)
    try:
        for service in SERVICES:
            await admin.execute(f'DROP DATABASE IF EXISTS "klaster_{service}" WITH (FORCE)')
            with suppress(asyncpg.UndefinedObjectError):
                await admin.execute(f'DROP ROLE "klaster_{service}"')
    finally:
        await admin.close()
