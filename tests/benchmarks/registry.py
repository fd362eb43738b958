"""The registry at 100,000 entities on PostgreSQL: a page against the plain way, figures against a full scan."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import asyncpg
import httpx

from klaster_shared.keyfiles import create_keys
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, make_template, postgres_server
from klaster_shared.tokens import Signer
from tests.benchmarks.machine import load_core, server_core
from tests.benchmarks.processes import on_core, running, wait_for
from tests.benchmarks.registry_data import fill
from tests.benchmarks.rounds import Row, Subject, compare
from tests.running import free_ports

ENTITIES = 100_000
CONNECTIONS = 16
DEEP = 1_000  # the page whose latency should be that of the first
PAGE, MOST = 50, 500
FILTER = "registration=registered"
FIGURES = "/v1/registry/figures?as_of=2022-12-31"
SCANS = {
    "every entity with its document": "SELECT count(*), sum(length(document)) FROM entities",
    "every entity, columns alone": "SELECT count(*) FROM entities",
}
PLAIN = "plain: one table's columns"
FIRST = "first page"


@dataclass(frozen=True)
class Scan:
    """How long a full reading of a table takes, and all figures of one day measured by it."""

    name: str
    ms: float
    ratio: float


@dataclass(frozen=True)
class RegistryFigures:
    """What reading a large registry came to."""

    entities: int
    pages: list[Row]
    figures_ms: float
    scans: list[Scan]


def measure(folder: Path, *, rounds: int, seconds: float, say: Callable[[str], None]) -> RegistryFigures | None:
    """None where there is no PostgreSQL."""
    with ExitStack() as stack:
        with on_core(load_core()):
            server = stack.enter_context(postgres_server())
        if isinstance(server, NoPostgres):
            say(f"registry: {server.reason}")
            return None
        say(f"registry: writing {ENTITIES:,} entities")
        database = _filled(server)
        service = stack.enter_context(_serving(folder, database))
        pages = compare(
            service.subjects(),
            direct=FIRST,
            reference=PLAIN,
            connections=CONNECTIONS,
            rounds=rounds,
            seconds=seconds,
            say=say,
        )
        say("registry: all figures of one day")
        figures_ms, scans = asyncio.run(_figures(service, database, rounds))
        return RegistryFigures(ENTITIES, pages, figures_ms, scans)


@dataclass(frozen=True)
class Service:
    """The registry that is measured, with the plain ways beside its own."""

    url: str
    pid: int
    folder: Path

    def subjects(self) -> list[Subject]:
        """The same rows in the same order, each way."""
        ways = {
            PLAIN: f"/plain/rows?{FILTER}",
            "plain: with all parts": f"/plain/wholes?{FILTER}",
            FIRST: f"/v1/entities?{FILTER}",
            f"page {DEEP:,}": f"/v1/entities?{FILTER}&cursor={self.cursor_before(DEEP)}",
        }
        return [Subject(name, self.url + path, self.pid, self.signed) for name, path in ways.items()]

    def signed(self) -> dict[str, str]:
        """A fresh token: they are good for a minute."""
        signer = Signer.from_file("gateway", self.folder / "keys" / "gateway.jwk")
        scopes = ("entities:read", "figures:read")
        token = signer.mint(audience="registry", subject="anonymous", role="anonymous", scopes=scopes)
        return {"Authorization": f"Bearer {token}"}

    def cursor_before(self, page: int) -> str:
        """Where a page begins, reached by reading on as a caller would."""
        cursor, rows = "", PAGE * (page - 1)
        while rows:
            step = min(rows, MOST)
            cursor = str(self.read(f"/v1/entities?{FILTER}&limit={step}&cursor={cursor}")["next"])
            rows -= step
        return cursor

    def read(self, path: str) -> Any:
        """One answer."""
        answer = httpx.get(self.url + path, headers=self.signed(), timeout=60, trust_env=False)
        return answer.raise_for_status().json()


async def _figures(service: Service, database: str, rounds: int) -> tuple[float, list[Scan]]:
    """All figures of one day over HTTP, and full scans of the entities in the same rounds."""
    taken: dict[str, list[float]] = {name: [] for name in (FIGURES, *SCANS)}
    connection = await asyncpg.connect(database)
    await connection.execute("SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off")
    service.read(FIGURES)  # plans made, connections open
    for _ in range(rounds):
        began = perf_counter()
        service.read(FIGURES)
        taken[FIGURES].append(perf_counter() - began)
        for name, statement in SCANS.items():
            began = perf_counter()
            await connection.fetch(statement)
            taken[name].append(perf_counter() - began)
    await connection.close()
    ratios = {name: [a / b for a, b in zip(taken[FIGURES], taken[name], strict=True)] for name in SCANS}
    scans = [Scan(name, median(taken[name]) * 1000, median(ratios[name])) for name in SCANS]
    return median(taken[FIGURES]) * 1000, scans


def _filled(server: PostgresServer) -> str:
    return server.database(asyncio.run(_made(server)))


async def _made(server: PostgresServer) -> str:
    name = await make_template(server, "benchmark", lambda url: fill(url, ENTITIES))
    connection = await asyncpg.connect(server.url)
    # A template is closed to connections until it has been copied; this one is used as it is.
    await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    await connection.close()
    return name


@contextmanager
def _serving(folder: Path, database_url: str) -> Iterator[Service]:
    keys, port = folder / "keys", free_ports()
    create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    told = {
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_JWKS_FILE": f"{keys}/jwks.json",
        "REGISTRY_PORT": str(port),
        "REGISTRY_LOG_LEVEL": "WARNING",
        "REGISTRY_RUN_JOBS": "false",
    }
    command = [sys.executable, "-m", "tests.benchmarks.registry_server"]
    with running(command, core=server_core(), environment=told, log=folder / "registry-large.out") as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/ready", process=process)
        yield Service(url, process.pid, folder)
