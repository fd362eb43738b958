"""The door: 1,200 people, six devices, twenty scans a second on PostgreSQL; the slowest scan against a single one."""

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
from sqlalchemy import insert

from klaster_events.database import METADATA, open_database
from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.event_types.schemas import EventTypeCreate
from klaster_events.events.models import Event
from klaster_events.registrations.codes import new_code
from klaster_shared.identifiers import new_id
from klaster_shared.keyfiles import create_keys
from klaster_shared.labels import Label
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, postgres_server
from tests.benchmarks.machine import load_core, server_core
from tests.benchmarks.processes import on_core, running, wait_for
from tests.running import free_ports

DEVICES = 6
PEOPLE = 1_200
PER_SECOND = 20
SINGLE = 200  # scanned one at a time before the doors open: what a single scan takes
ROUNDS = 3  # a minute each


@dataclass(frozen=True)
class CheckinFigures:
    """What a full door came to; times in milliseconds, the ratio of the worst round."""

    single_ms: float
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    ratio: float
    ratios: list[float]
    scans: int
    refused: int
    miscounted: int


def measure(folder: Path, *, rounds: int, say: Callable[[str], None]) -> CheckinFigures | None:
    """None where there is no PostgreSQL."""
    with ExitStack() as stack:
        with on_core(load_core()):
            server = stack.enter_context(postgres_server(durable=True))
        if isinstance(server, NoPostgres):
            say(f"checkin: {server.reason}")
            return None
        database = asyncio.run(_made(server))
        service = stack.enter_context(_serving(folder, database))
        found, miscounted = [], 0
        for number in range(min(rounds, ROUNDS)):
            event_id, codes = asyncio.run(_door(database))
            found.append(service.scan(event_id, codes))
            miscounted += abs(asyncio.run(_present(database, event_id)) - len(codes))
            one = found[-1]
            say(f"checkin: round {number + 1}: single {one['single_ms']:.1f} ms, slowest {one['max_ms']:.1f} ms")
    ratios = [one["max_ms"] / one["single_ms"] for one in found]
    return CheckinFigures(
        single_ms=median(one["single_ms"] for one in found),
        p50_ms=median(one["p50_ms"] for one in found),
        p99_ms=median(one["p99_ms"] for one in found),
        slowest_ms=max(one["max_ms"] for one in found),
        ratio=max(ratios),
        ratios=ratios,
        scans=sum(one["scans"] for one in found),
        refused=sum(one["refused"] for one in found),
        miscounted=miscounted,
    )


@dataclass(frozen=True)
class Service:
    """Events, measured."""

    url: str
    folder: Path

    def scan(self, event_id: UUID, codes: list[str]) -> dict[str, Any]:
        """Everybody comes through the door."""
        told = {
            "url": self.url,
            "event": str(event_id),
            "codes": codes,
            "single": SINGLE,
            "devices": DEVICES,
            "per_second": PER_SECOND,
            "keys": str(self.folder / "checkin-keys" / "gateway.jwk"),
        }
        with on_core(load_core()):
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.checkin_load"],
                input=json.dumps(told),
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        found: dict[str, Any] = json.loads(done.stdout)
        return found


async def _made(server: PostgresServer) -> str:
    """A migrated database with a type and an organiser."""
    name = f"{server.prefix}_checkin"
    admin = await asyncpg.connect(server.url)
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await admin.execute(f"CREATE DATABASE \"{name}\" LC_COLLATE 'C' ENCODING 'UTF8' TEMPLATE template0")
    await admin.close()
    url = server.database(name)
    await upgrade(url, "klaster_events")
    now = datetime.now(UTC)
    database = open_database(url)
    async with database.write() as session:
        given = EventTypeCreate(code="conference", name=Label(pl="Konferencja", en="Conference"), counts_as=[])
        await EVENT_TYPES.create(session, given=given, now=now)
        await keep(session, facts=[EntityFacts(id=ORGANISER, name="Fundacja")], now=now)
    await database.dispose()
    return url


ORGANISER = UUID("01900000-0000-7000-8000-000000000001")


async def _door(url: str) -> tuple[UUID, list[str]]:
    """An event that has begun, its own list given to every device, and everybody's codes."""
    now = datetime.now(UTC)
    event_id, count = new_id(), SINGLE + PEOPLE
    codes = [new_code() for _ in range(count)]
    people = [new_id() for _ in range(count)]
    database = open_database(url)
    async with database.write() as session:
        session.add(
            Event(
                id=event_id,
                type="conference",
                organiser_id=ORGANISER,
                title_pl="Konferencja",
                title_en="Conference",
                sort_title="konferencja",
                search_text="konferencja",
                starts_at=now - timedelta(minutes=10),
                ends_at=now + timedelta(hours=8),
                zone="Europe/Warsaw",
                online=False,
                capacity=count,
                confirmed=count,
                waiting=0,
                tickets=count,
                present=0,
                state="published",
                demonstration=False,
                source="office",
                source_key=str(event_id),
                version=1,
                created_at=now,
                updated_at=now,
            )
        )
        await session.flush()
        tables = METADATA.tables
        await session.execute(
            insert(tables["people"]),
            [
                {"id": one, "name": f"Ada {one}", "email": f"{one}@example.org", "email_key": f"{one}@example.org"}
                | {"created_at": now}
                for one in people
            ],
        )
        registration = {"event_id": event_id, "state": "confirmed", "entity_id": ORGANISER}
        registration |= {"verified_at": now, "created_at": now, "updated_at": now}
        await session.execute(
            insert(tables["registrations"]),
            [
                {**registration, "id": new_id(), "person_id": person, "ticket": number, "code": code}
                for number, (person, code) in enumerate(zip(people, codes, strict=True))
            ],
        )
        door = {"id": event_id, "event_id": event_id, "name_pl": "Wejście", "name_en": "Entrance", "version": 1}
        door |= {"exits": False, "walk_ins": False, "created_at": now, "updated_at": now}
        await session.execute(insert(tables["checkin_lists"]), [door])
        device = {"list_id": event_id, "name": "Tablet", "given_at": now, "given_by": "key:office"}
        devices = [{**device, "subject": f"key:{number}"} for number in range(DEVICES)]
        await session.execute(insert(tables["checkin_devices"]), devices)
    await database.dispose()
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")  # what autovacuum does long before the day
    await connection.close()
    return event_id, codes


async def _present(url: str, event_id: UUID) -> int:
    connection = await asyncpg.connect(url)
    found = await connection.fetchval("SELECT present FROM events WHERE id = $1", event_id)
    await connection.close()
    return int(found)


@contextmanager
def _serving(folder: Path, database_url: str) -> Iterator[Service]:
    keys, port = folder / "checkin-keys", free_ports()
    create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    told = {
        "EVENTS_DATABASE_URL": database_url,
        "EVENTS_JWKS_FILE": f"{keys}/jwks.json",
        "EVENTS_PORT": str(port),
        "EVENTS_LOG_LEVEL": "WARNING",
        "EVENTS_RUN_JOBS": "false",
    }
    command = [sys.executable, "-m", "klaster_events"]
    with running(command, core=server_core(), environment=told, log=folder / "events-checkin.out") as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/ready", process=process)
        yield Service(url, folder)
