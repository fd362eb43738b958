"""What every test has: both engines, and no way out but the loopback interface."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from klaster_shared.logs import configure_logs
from klaster_shared.testing.databases import postgresql_copy, sqlite_copy
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, postgres_server
from klaster_shared.testing.statements import keep_statements
from tests import examples  # noqa: F401 # registers the profiles

# What tests write need not outlive them: in memory, where there is room for it, a database is copied in a fifth of the
# time. Before anything asks where temporary files lie; workers and services inherit it.
_MEMORY = Path("/dev/shm")  # a file system, no file
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 * 1024**3:
    tempfile.tempdir = os.environ["TMPDIR"] = str(_MEMORY)

configure_logs(service="test", level="WARNING")
keep_statements()
settings.load_profile("repeatable")  # --hypothesis-profile=search comes later, and wins
# Millions of objects of frameworks and contracts are looked through in vain each time: a tenth of all the work.
gc.set_threshold(50_000, 20, 50)


class _ByFile(LoadFileScheduling):
    """A file at a time; all journeys are one, and so on, since they share the stacks that they walk through."""

    def _split_scope(self, nodeid: str) -> str:
        for room in ("tests/journeys/", "tests/faults/", "tests/watching/"):
            if nodeid.startswith(room):
                return room
        return str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """How files are dealt out to workers (`--dist=loadfile`); other ways are the plugin's own."""
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _is_local(address: Any) -> bool:
    return not isinstance(address, tuple) or str(address[0]) in {"127.0.0.1", "::1", "localhost"}


def _refuse(address: Any) -> None:
    if not _is_local(address):
        raise PermissionError(f"tests talk to this machine alone, not to {address}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse(address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse(address)
    return _connect_ex(self, address)


@pytest.fixture(scope="session", autouse=True)
def closed_sockets() -> Iterator[None]:
    """Sockets to anywhere but this machine are refused."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this run; tests that need one are skipped, with the reason, where there is none."""
    with postgres_server() as server:
        if isinstance(server, NoPostgres):
            pytest.skip(server.reason)
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other: the same suite runs on each."""
    return str(request.param)


def _copy(request: pytest.FixtureRequest, engine: str, package: str, folder: Path) -> AbstractAsyncContextManager[str]:
    if engine == "postgresql":
        return postgresql_copy(package, request.getfixturevalue("postgresql"))
    templates = request.getfixturevalue("tmp_path_factory").getbasetemp() / "templates"
    templates.mkdir(exist_ok=True)
    return sqlite_copy(package, templates=templates, folder=folder)


@pytest.fixture
async def database_url(
    request: pytest.FixtureRequest, engine: str, service_package: str, tmp_path: Path
) -> AsyncIterator[str]:
    """A fresh, migrated database of the service under test (its folder's conftest defines `service_package`)."""
    async with _copy(request, engine, service_package, tmp_path) as url:
        yield url
