"""A PostgreSQL server for tests: found or started, shared by all workers of a run, gone when the last one has left.

    with postgres_server() as server:
        if isinstance(server, NoPostgres):
            pytest.skip(server.reason)
        template = await make_template(server, "registry", migrate)  # migrate(url), awaited once per run
        async with cloned_database(server, template) as url: ...

A server of our own is kept by a small process beside the tests (`python -m klaster_shared.testing.postgres FOLDER`). It
stops the server as soon as nobody holds the folder's lock, so that even a run ended by `kill -9` leaves nothing behind.
"""

import asyncio
import fcntl
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import asyncpg

# Durability is of no use to a database that lives for one run; without it the suite is several times as fast.
FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"),
    *("autovacuum=off", "jit=off"),
)
START_SECONDS = 60.0
_numbers = count()


@dataclass(frozen=True)
class PostgresServer:
    """A server whose role may create databases; every database made for this run begins with `prefix`."""

    url: str
    prefix: str

    def database(self, name: str) -> str:
        """The URL of one database of this server."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()


@dataclass(frozen=True)
class NoPostgres:
    """There is no server, and the sentence that says why."""

    reason: str


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer | NoPostgres]:
    """The server of this run: TEST_DATABASE_URL where set, else one started in a temporary folder.

    durable  a server of our own waits for the disk, as one that keeps anything does: for measurements
    """
    given, binaries = os.environ.get("TEST_DATABASE_URL"), _binaries()
    if not given and binaries is None:
        yield NoPostgres("no PostgreSQL: TEST_DATABASE_URL is not set and there is no pg_ctl on this machine")
        return
    # Workers of one pytest-xdist run share its id, and so the folder; a run without workers is alone in its own.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"pid{os.getpid()}")[:12]
    folder = Path(tempfile.gettempdir()) / f"klaster-postgres-{run}{'-durable' if durable else ''}"
    with _through_the_door(folder) as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = PostgresServer(given, f"kt_{run}") if given else _started(folder, f"kt_{run}", durable)
    with users:
        yield server
        if given and isinstance(server, PostgresServer) and _is_last(users):
            with ThreadPoolExecutor() as aside:  # the tests' own event loop may not be disturbed
                aside.submit(asyncio.run, _drop_databases(server)).result()
            shutil.rmtree(folder, ignore_errors=True)


async def make_template(server: PostgresServer, name: str, prepare: Callable[[str], Awaitable[object]]) -> str:
    """The name of the database that `prepare(url)` filled: the first who comes prepares it, the others wait for it."""
    database = f"{server.prefix}_{name}"
    admin = await asyncpg.connect(server.url)
    try:
        await admin.execute("SELECT pg_advisory_lock(hashtext($1))", database)  # let go with the connection
        if await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            return database
        await admin.execute(f'DROP DATABASE IF EXISTS "{database}_unready" WITH (FORCE)')
        await admin.execute(f"CREATE DATABASE \"{database}_unready\" LC_COLLATE 'C' ENCODING 'UTF8' TEMPLATE template0")
        await prepare(server.database(f"{database}_unready"))
        # Nobody, not even autovacuum, may hold a connection to a database that is being cloned.
        await admin.execute(f'ALTER DATABASE "{database}_unready" WITH ALLOW_CONNECTIONS false')
        await admin.execute(f'ALTER DATABASE "{database}_unready" RENAME TO "{database}"')
    finally:
        await admin.close()
    return database


@asynccontextmanager
async def cloned_database(server: PostgresServer, template: str) -> AsyncIterator[str]:
    """The URL of a fresh copy of a template database, dropped afterwards with whatever is still connected to it."""
    name = f"{template}_{os.getpid()}_{next(_numbers)}"
    await _clone(server, template, name)
    try:
        yield server.database(name)
    finally:
        await _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _drop_databases(server: PostgresServer) -> None:
    """Drop whatever this run made on a server that outlives it."""
    admin = await asyncpg.connect(server.url)
    try:
        for row in await admin.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", server.prefix):
            await admin.execute(f'DROP DATABASE IF EXISTS "{row["datname"]}" WITH (FORCE)')
    finally:
        await admin.close()


async def _clone(server: PostgresServer, template: str, name: str) -> None:
    admin = await asyncpg.connect(server.url)
    try:
        # Files copied as they are, as before 15: page by page through the log takes three times as long here.
        how = "STRATEGY FILE_COPY" if admin.get_server_version().major >= 15 else ""
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {how}')
    finally:
        await admin.close()


async def _execute(server: PostgresServer, statement: str) -> None:
    admin = await asyncpg.connect(server.url)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


def _binaries() -> Path | None:
    """The folder of initdb and pg_ctl: distributions keep them off PATH, newest last."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("pg_ctl")
    return Path(on_path).parent if on_path else None


@contextmanager
def _through_the_door(folder: Path) -> Iterator[IO[str]]:
    """Inside, nobody else starts or stops the server; yields the file whose lock says who uses it, left open."""
    while True:
        folder.mkdir(exist_ok=True, mode=0o755)
        with suppress(FileNotFoundError), (folder / "door.lock").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            if os.fstat(door.fileno()).st_nlink:  # else the last user removed the folder while we waited
                yield (folder / "users.lock").open("a")
                return


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _started(folder: Path, prefix: str, durable: bool) -> PostgresServer | NoPostgres:
    """Where the keeper's server answers; the first who comes starts the keeper (the door is locked meanwhile)."""
    url, failure = folder / "url", folder / "failure"
    if not url.exists() and not failure.exists():
        keeper = [sys.executable, "-m", "klaster_shared.testing.postgres", str(folder)]
        keeper += ["durable"] if durable else []
        _leave_running(keeper)
    until = time.monotonic() + START_SECONDS
    while not url.exists() and not failure.exists() and time.monotonic() < until:
        time.sleep(0.05)
    if url.exists():
        return PostgresServer(url.read_text(), prefix)
    return NoPostgres(f"PostgreSQL did not start: {failure.read_text() if failure.exists() else 'it took too long'}")


def _leave_running(command: list[str]) -> None:
    """Start what outlives the run by a moment: nobody waits for it, and `Popen` would complain of that."""
    quiet = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ]
    os.posix_spawn(command[0], command, os.environ, file_actions=quiet, setsid=True)


def keep(folder: Path, *, durable: bool) -> None:
    """Start a server in the folder, and stop and remove both once nobody holds the folder's lock."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the tests, which then let go of the lock
    try:
        _publish(folder / "url", _start(folder, () if durable else FAST))
    except (subprocess.CalledProcessError, OSError) as error:
        _publish(folder / "failure", str(getattr(error, "stdout", "") or error)[-2000:])
    while True:
        time.sleep(0.3)
        with _through_the_door(folder) as users, users:
            if _is_last(users):  # who comes now waits at the door, and then starts anew
                if (folder / "url").exists():
                    run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
                shutil.rmtree(folder, ignore_errors=True)
                return


def _start(folder: Path, more: Sequence[str]) -> str:
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(data, account())
    # Collation C: sort keys made in Python compare byte by byte, as they do on SQLite.
    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = [*more, "max_connections=200", "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}"]
    options = " ".join(f"-c {setting}" for setting in settings)
    run("pg_ctl", "-D", str(data), "-l", str(data / "server.log"), "-o", options, "-w", "start")
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def run(command: str, *arguments: str) -> None:
    """PostgreSQL refuses to run as root: then its own account, or nobody's, runs it."""
    user = account() if os.geteuid() == 0 else None
    with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open as long as the server runs
        done = subprocess.run(  # noqa: S603
            [binary(command), *arguments], user=user, cwd="/", stdout=output, stderr=output, check=False
        )
        output.seek(0)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, output.read())


def binary(command: str) -> str:
    """Where one of the server's programs lies; raises FileNotFoundError where there is no server on this machine."""
    folder = _binaries()
    if folder is None:
        raise FileNotFoundError(f"no PostgreSQL on this machine: there is no {command}")
    return str(folder / command)


def account() -> str:
    """Who runs it where we are root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), getpass.getuser())


def _publish(path: Path, text: str) -> None:
    """Whole or not at all: the others look for the file while it is written."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), durable="durable" in sys.argv[2:])
