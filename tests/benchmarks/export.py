"""An export of a large registry on PostgreSQL, against `psql` copying the very same rows: bytes, memory, first byte."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import asyncpg

from klaster_shared.keyfiles import create_keys
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, make_template, postgres_server
from klaster_shared.tokens import Signer
from tests.benchmarks.forwarding import running_gateway
from tests.benchmarks.machine import peer, resident_mb
from tests.benchmarks.processes import running, wait_for
from tests.benchmarks.registry_data import fill
from tests.running import free_ports

ENTITIES, WRITTEN = 1_000_000, 2_000  # the others are copies of these under ids of their own
PATH = "/v1/registry/export?format=csv"
# As the service asks: lines come out as they are kept, and nothing else is done on either side.
COPY = "COPY (SELECT csv_line FROM entities WHERE merged_into IS NULL) TO STDOUT {}"
AS_KEPT = "WITH (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"
PSQL, SERVICE, GATEWAY = "psql, COPY of the same lines", "the service", "through the gateway"
FIRST_BYTES = 15


@dataclass(frozen=True)
class ExportFigures:
    """What an export came to; rates in MB (10^6 bytes) a second, ratios within a round, times in ms."""

    entities: int
    megabytes: float
    rates: dict[str, float]
    ratios: dict[str, float]
    memory_growth_mib: dict[str, float]
    first_byte_ms: dict[str, float]


@dataclass
class Taken:
    """What was measured of one way, round after round."""

    rates: list[float] = field(default_factory=list)
    growth: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """One way to the same rows over HTTP."""

    port: int
    pid: int
    token: Callable[[], str]


def measure(folder: Path, *, rounds: int, say: Callable[[str], None]) -> ExportFigures | None:
    """None where there is no PostgreSQL with its `psql`."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        if isinstance(server, NoPostgres) or peer("psql") is None:
            say("export: there is no PostgreSQL with psql")
            return None
        say(f"export: writing {ENTITIES:,} entities")
        database = asyncio.run(_made(server))
        ways = stack.enter_context(_served(folder, database))
        taken = {name: Taken() for name in (PSQL, *ways)}
        size = 0
        for number in range(rounds + 1):
            say(f"export: round {number} of {rounds}")
            measured = _round(database, ways)
            size = measured[SERVICE][0]
            for name, (count, seconds, growth) in measured.items() if number else ():  # the first one warms up
                taken[name].rates.append(count / seconds / 1e6)
                taken[name].growth.append(growth)
        first = {name: median(_first_byte(way) for _ in range(FIRST_BYTES)) for name, way in ways.items()}
    return ExportFigures(
        entities=ENTITIES,
        megabytes=size / 1e6,
        rates={name: median(one.rates) for name, one in taken.items()},
        ratios={
            name: median(a / b for a, b in zip(one.rates, taken[PSQL].rates, strict=True))
            for name, one in taken.items()
        },
        memory_growth_mib={name: max(taken[name].growth) for name in ways},
        first_byte_ms={name: seconds * 1000 for name, seconds in first.items()},
    )


def _round(database: str, ways: dict[str, Way]) -> dict[str, tuple[int, float, float]]:
    """Bytes, seconds and MiB that the process grew by, of each way in turn."""
    found = {PSQL: (*_psql(database), 0.0)}
    for name, way in ways.items():
        with _watched(way.pid) as grown:
            count, seconds = _http(way)
        found[name] = (count, seconds, grown[0])
    return found


def _psql(database: str) -> tuple[int, float]:
    command = [str(peer("psql")), database, "-qc", COPY.format(AS_KEPT)]
    began, count = perf_counter(), 0
    buffer = bytearray(1 << 20)
    # Read as the others are: by this process, from a pipe that is as wide as it gets.
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        while size := process.stdout.readinto(buffer):  # type: ignore[attr-defined]
            count += size
    assert process.returncode == 0, "psql failed"
    return count, perf_counter() - began


def _asked(way: Way) -> socket.socket:
    caller = socket.create_connection(("127.0.0.1", way.port))
    head = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {way.token()}\r\nConnection: close\r\n\r\n"
    caller.sendall(head.encode())
    return caller


def _http(way: Way) -> tuple[int, float]:
    began, count, last = perf_counter(), 0, b""
    buffer = bytearray(1 << 20)
    with _asked(way) as caller:
        while size := caller.recv_into(buffer):
            count += size
            last = bytes(buffer[max(0, size - 8) : size])
    assert last.endswith(b"0\r\n\r\n"), "the answer was cut short"
    return count, perf_counter() - began


def _first_byte(way: Way) -> float:
    """Seconds until the first line of the body is there; the one before is given time to be let go."""
    while True:
        sleep(0.25)
        with _asked(way) as caller:
            began, seen = perf_counter(), b""
            while part := caller.recv(65536):
                seen += part
                if b"rbw_number" in seen:
                    return perf_counter() - began


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """How much a process grows at most, looked at fifty times a second."""
    before, grown, over = resident_mb(pid), [0.0], threading.Event()

    def look() -> None:
        while not over.is_set():
            grown[0] = max(grown[0], (resident_mb(pid) - before) * 1e6 / 2**20)
            sleep(0.02)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield grown
    finally:
        over.set()
        watcher.join()


async def _made(server: PostgresServer) -> str:
    name = await make_template(server, "export", _filled)
    connection = await asyncpg.connect(server.url)
    await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    await connection.close()
    return server.database(name)


async def _filled(url: str) -> None:
    """Some organisations as the service writes them, and copies of these; what is measured reads one table."""
    await fill(url, WRITTEN)
    connection = await asyncpg.connect(url)
    indexes = await connection.fetch(
        "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'entities'::regclass"
        " AND NOT indisunique"
    )
    for index in indexes:  # to write a million rows into twenty of them takes minutes, and no export reads one
        await connection.execute(f"DROP INDEX {index['name']}")
    columns = [
        row["name"]
        for row in await connection.fetch(
            "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'entities'::regclass AND attnum > 0"
        )
    ]
    own = {
        "id": "fresh.id",
        "source_key": "source_key || '-' || copy",
        "rbw_number": f"rbw_number + copy * {WRITTEN}",
        "csv_line": "replace(csv_line, e.id::text, fresh.id::text)",
        "document": "replace(document, e.id::text, fresh.id::text)",
    }
    chosen = ", ".join(own.get(column, column) for column in columns)
    await connection.execute(
        f"INSERT INTO entities ({', '.join(columns)}) SELECT {chosen} FROM entities e,"
        f" generate_series(1, {ENTITIES // WRITTEN - 1}) copy,"
        " LATERAL (SELECT md5(e.id::text || copy)::uuid AS id) fresh"
    )
    await connection.execute("VACUUM (FREEZE, ANALYZE) entities")
    await connection.close()


@contextmanager
def _served(folder: Path, database: str) -> Iterator[dict[str, Way]]:
    folder.mkdir(exist_ok=True)
    keys, port = folder / "keys", free_ports()
    create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    told = {
        "REGISTRY_DATABASE_URL": database,
        "REGISTRY_JWKS_FILE": f"{keys}/jwks.json",
        "REGISTRY_PORT": str(port),
        "REGISTRY_LOG_LEVEL": "WARNING",
        "REGISTRY_RUN_JOBS": "false",
    }

    def signed() -> str:
        signer = Signer.from_file("gateway", keys / "gateway.jwk")
        return signer.mint(audience="registry", subject="key:b", role="integrator", scopes=("export:read",))

    command = [sys.executable, "-m", "klaster_registry"]
    with running(command, environment=told, log=folder / "registry.out") as registry:
        wait_for(f"http://127.0.0.1:{port}/health/ready", process=registry)
        with running_gateway(folder, port + 1, port) as (gateway, key):
            yield {
                SERVICE: Way(port, registry.pid, signed),
                GATEWAY: Way(port + 1, gateway.pid, lambda: key),
            }


PART = """## Exports, {entities:,} entities on PostgreSQL

`make bench ARGS="--only export"`: CSV of {megabytes:,.0f} MB over HTTP, and `psql` copying the very lines that the
service sends, one after the other in each of the rounds; everybody on all cores. Memory is that of the process at its
highest, less what it was before.

| way | MB/s | of psql | memory grows by MiB | first byte after ms |
|---|---|---|---|---|
{rows}
"""


def export_part(figures: ExportFigures) -> str:
    """The part in Markdown."""
    rows = []
    for name, rate in figures.rates.items():
        growth, first = figures.memory_growth_mib.get(name), figures.first_byte_ms.get(name)
        more = f"{growth:.1f} | {first:.1f}" if growth is not None and first is not None else " | "
        rows.append(f"| {name} | {rate:,.0f} | {figures.ratios[name]:.2f} | {more} |")
    return PART.format(entities=figures.entities, megabytes=figures.megabytes, rows="\n".join(rows))
