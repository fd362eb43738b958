"""The registration storm: everybody wants one event at once, on PostgreSQL, against one hot row in pgbench."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from klaster_events.database import open_database
from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.event_types.schemas import EventTypeCreate
from klaster_events.events.models import Event
from klaster_shared.identifiers import new_id
from klaster_shared.keyfiles import create_keys
from klaster_shared.labels import Label
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, postgres_server
from klaster_shared.tokens import Signer
from tests.benchmarks.machine import load_core, peer, server_core
from tests.benchmarks.processes import on_core, running, wait_for
from tests.running import free_ports

AT_A_TIME = 64
PEOPLE = 2_000
SEATS = 500
HOT_ROW = "UPDATE hot SET taken = taken + 1 WHERE id = 1 AND taken < seats;"


@dataclass(frozen=True)
class StormFigures:
    """What everybody registering at once came to."""

    per_second: float
    hot_row_per_second: float
    ratio: float
    seconds: float
    slowest_ms: float
    p50_ms: float
    p99_ms: float
    answered: int
    refused: int
    overbooked: int
    rounds: int


def measure(folder: Path, *, rounds: int, seconds: float, say: Callable[[str], None]) -> StormFigures | None:
    """None where there is no PostgreSQL, or no pgbench."""
    bench = peer("pgbench")
    if bench is None:
        say("storm: pgbench is missing: what one hot row can do")
        return None
    with ExitStack() as stack:
        with on_core(load_core()):
            server = stack.enter_context(postgres_server(durable=True))
        if isinstance(server, NoPostgres):
            say(f"storm: {server.reason}")
            return None
        database = asyncio.run(_made(server))
        service = stack.enter_context(_serving(folder, database))
        service.storm(asyncio.run(_event(database)), first=10_000_000, count=200)  # connections open, statements known
        storms, hot = [], []
        for number in range(rounds):
            event_id = asyncio.run(_event(database))
            storms.append(service.storm(event_id, first=number * PEOPLE, count=PEOPLE))
            hot.append(_pgbench(bench, database, folder, seconds))
            say(
                f"storm: round {number + 1}: {PEOPLE / storms[-1]['seconds']:.0f} registrations a second, {hot[-1]:.0f}"
            )
        overbooked = asyncio.run(_overbooked(database))
    return _figures(storms, hot, overbooked)


def _figures(storms: list[dict[str, Any]], hot: list[float], overbooked: int) -> StormFigures:
    rates = [PEOPLE / storm["seconds"] for storm in storms]
    answered = [sum(storm["statuses"].values()) for storm in storms]
    good = [storm["statuses"].get("201", 0) for storm in storms]
    return StormFigures(
        per_second=median(rates),
        hot_row_per_second=median(hot),
        ratio=median(rate / row for rate, row in zip(rates, hot, strict=True)),
        seconds=max(storm["seconds"] for storm in storms),
        slowest_ms=max(storm["max_ms"] for storm in storms),
        p50_ms=median(storm["p50_ms"] for storm in storms),
        p99_ms=median(storm["p99_ms"] for storm in storms),
        answered=sum(answered),
        refused=sum(answered) - sum(good),
        overbooked=overbooked,
        rounds=len(storms),
    )


@dataclass(frozen=True)
class Service:
    """Events, measured."""

    url: str
    folder: Path

    def storm(self, event_id: UUID, *, first: int, count: int) -> dict[str, Any]:
        """Everybody registers for one event, without an account."""
        signer = Signer.from_file("gateway", self.folder / "keys" / "gateway.jwk")
        token = signer.mint(
            audience="events", subject="anonymous", role="anonymous", scopes=("registrations:write", "events:read")
        )
        path = f"/v1/events/{event_id}/registrations"
        command = [sys.executable, "-m", "tests.benchmarks.storm_load", self.url, path, str(AT_A_TIME)]
        with on_core(load_core()):
            done = subprocess.run([*command, str(first), str(count), token], capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def _pgbench(bench: str, database: str, folder: Path, seconds: float) -> float:
    """How often a second pgbench moves one row, from as many connections as there are people at a time."""
    script = folder / "hot.sql"
    script.write_text(HOT_ROW)
    command = [bench, "-n", "-M", "prepared", "-c", str(AT_A_TIME), "-j", "1", "-T", str(max(1, round(seconds)))]
    for _ in range(3):  # on a machine that is busy elsewhere nothing at all may get done in the time
        with on_core(server_core()):
            done = subprocess.run([*command, "-f", str(script), database], capture_output=True, text=True, check=True)
        found = [line for line in done.stdout.splitlines() if line.startswith("tps =")]
        if found:
            return float(found[0].split()[2])
    raise RuntimeError(f"pgbench says no rate:\n{done.stdout}")


async def _made(server: PostgresServer) -> str:
    """A migrated database with a type, an organiser and the hot row."""
    name = f"{server.prefix}_storm"
    admin = await asyncpg.connect(server.url)
    await admin.execute(f"CREATE DATABASE \"{name}\" LC_COLLATE 'C' ENCODING 'UTF8' TEMPLATE template0")
    await admin.close()
    url = server.database(name)
    await upgrade(url, "klaster_events")
    database, now = open_database(url), datetime.now(UTC)
    async with database.write() as session:
        label = Label(pl="Konferencja", en="Conference")
        await EVENT_TYPES.create(
            session, given=EventTypeCreate(code="conference", name=label, counts_as=["conference"]), now=now
        )
        await keep(session, facts=[EntityFacts(id=UUID(int=1), name="Fundacja")], now=now)
    await database.dispose()
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE hot (id int PRIMARY KEY, taken int NOT NULL, seats int NOT NULL)")
    await connection.execute("INSERT INTO hot VALUES (1, 0, 2000000000)")
    await connection.close()
    return url


async def _event(database_url: str) -> UUID:
    """A new event of next month with its seats."""
    database, now, event_id = open_database(database_url), datetime.now(UTC), new_id()
    starts_at = now + timedelta(days=30)
    counters: dict[str, Any] = dict.fromkeys(("confirmed", "held", "waiting", "tickets", "present", "sequence"), 0)
    event = Event(
        id=event_id,
        type="conference",
        organiser_id=UUID(int=1),
        title_pl="Konferencja",
        title_en="Conference",
        sort_title="konferencja",
        search_text="konferencja",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        zone="Europe/Warsaw",
        online=False,
        capacity=SEATS,
        state="published",
        demonstration=False,
        source="benchmark",
        source_key=str(event_id),
        version=1,
        created_at=now,
        updated_at=now,
        **counters,
    )
    async with database.write() as session:
        session.add(event)
    await database.dispose()
    return event_id


async def _overbooked(database_url: str) -> int:
    """Seats sold beyond those there are, counted from the registrations themselves; people without a message count."""
    connection = await asyncpg.connect(database_url)
    seated = "count(*) FILTER (WHERE r.state IN ('confirmed', 'pending', 'offered'))"
    over = await connection.fetchval(
        f"SELECT coalesce(sum(greatest(0, seats.taken - e.capacity)), 0) FROM events e JOIN "
        f"(SELECT r.event_id, {seated} AS taken FROM registrations r GROUP BY 1) seats ON seats.event_id = e.id"
    )
    untold = await connection.fetchval(
        "SELECT count(*) FROM registrations r LEFT JOIN messages m ON m.registration_id = r.id WHERE m.id IS NULL"
    )
    await connection.close()
    if untold:
        raise RuntimeError(f"{untold} people were registered and have no message")
    return int(over)


@contextmanager
def _serving(folder: Path, database_url: str) -> Iterator[Service]:
    keys, port = folder / "keys", free_ports()
    create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    told = {
        "EVENTS_DATABASE_URL": database_url,
        "EVENTS_JWKS_FILE": f"{keys}/jwks.json",
        "EVENTS_PORT": str(port),
        "EVENTS_LOG_LEVEL": "WARNING",
        "EVENTS_RUN_JOBS": "false",
    }
    command = [sys.executable, "-m", "klaster_events"]
    with running(command, core=server_core(), environment=told, log=folder / "events-storm.out") as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/ready", process=process)
        yield Service(url, folder)
