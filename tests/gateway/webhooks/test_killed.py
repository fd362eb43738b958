"""A worker that is killed with no time to say anything: nothing is lost, nothing acknowledged comes again."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from klaster_gateway.database import open_database
from klaster_gateway.keys.models import ApiKey
from klaster_gateway.webhooks.operations import create_webhook
from klaster_gateway.webhooks.owners import Owner
from klaster_gateway.webhooks.replaying import message_id
from klaster_gateway.webhooks.schemas import WebhookCreate
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.gateway.conftest import NOWHERE, Asked, Service
from tests.gateway.webhooks.conftest import change
from tests.services import ROOT

FIRST_NEWS, LATER_NEWS = 150, 15


@contextmanager
def running(*command: str, output: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own, gone at the end."""
    with output.open("ab") as file:
        process = subprocess.Popen([sys.executable, *command], env={**os.environ, **environment}, stdout=file)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def receiver_of_the_page(folder: Path) -> Path:
    """The program that docs/webhooks.md shows, as it stands there."""
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    [program] = re.findall(r"receiver\.py <<'END'\n(.*?)^END$", page, re.MULTILINE | re.DOTALL)
    path = folder / "receiver.py"
    path.write_text(program, encoding="utf-8")
    return path


def feed_of(service: Service) -> list[int]:
    """The registry's feed, served by `service`; a position that is added is a change."""
    positions: list[int] = []

    async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        after, limit = (int(value) for value in re.findall(rb"(?:after|limit)=(\d+)", asked.line))
        found = [position for position in positions if position > after][: min(limit, 50)]
        items = [change(position).model_dump(mode="json") for position in found]
        body = json.dumps({"items": items, "next": found[-1] if found else after}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    service.answer = answer
    return positions


async def subscribed(database: Database, url: str) -> str:
    """The secret of a webhook that goes to `url`."""
    async with database.write() as session:
        key = ApiKey(
            id=new_id(),
            prefix="receiver",
            digest=b"",
            name="r",
            role="integrator",
            created_at=utc_now(),
            created_by="t",
        )
        session.add(key)
        given = WebhookCreate.model_validate({"url": url, "types": ["registry"]})
        owner = Owner(f"key:{key.id}", "integrator")
        return (await create_webhook(session, given=given, owner=owner, now=utc_now())).secret


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 # what another process wrote
            await asyncio.sleep(0.02)


async def a_minute_passes(database: Database) -> None:
    """Leases of whoever was killed are over."""
    past = utc_now() - timedelta(seconds=1)
    async with database.write() as session:
        for table in ("jobs", "webhooks"):
            expired = text(f"UPDATE {table} SET lease_until = :past WHERE lease_until > :past")
            await session.execute(expired, {"past": past if database.dialect == "postgresql" else past.isoformat(" ")})


async def acknowledged(database: Database) -> set[str]:
    """The messages of which it is written down that they arrived."""
    async with database.read() as session:
        found = await session.execute(text("SELECT id FROM webhook_deliveries WHERE state = 'delivered'"))
        return {message_id(row.id) if hasattr(row.id, "hex") else f"msg_{row.id}" for row in found}


class TestKilledWorker:
    async def test_loses_nothing_and_repeats_only_what_was_not_acknowledged(
        self, database_url: str, service: Service, tmp_path: Path
    ) -> None:
        positions = feed_of(service)
        positions += range(1, FIRST_NEWS + 1)
        database = open_database(database_url)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        secret = await subscribed(database, f"http://127.0.0.1:{port}/")
        received = tmp_path / "received"

        def lines() -> list[list[str]]:
            whole, _, _being_written = received.read_text().rpartition("\n")
            return [line.split() for line in whole.splitlines()]

        told = {
            "DATABASE_URL": database_url,
            "JWKS_FILE": str(keys_folder() / "jwks.json"),
            "PRIVATE_KEY_FILE": str(keys_folder() / "gateway.jwk"),
            "REGISTRY_URL": service.url,
            "INDICATORS_URL": NOWHERE,
            "EVENTS_URL": NOWHERE,
            "WEBHOOK_HTTP": "true",
            "WEBHOOK_NETWORKS": '["127.0.0.0/8"]',
            "LOG_LEVEL": "ERROR",
        }
        environment = {f"GATEWAY_{name}": value for name, value in told.items()}
        worker = ("-m", "klaster_gateway.worker")
        with running(str(receiver_of_the_page(tmp_path)), output=received, SECRET=secret, PORT=str(port)):
            with running(*worker, output=tmp_path / "first", **environment) as first:
                await until(lambda: len(lines()) >= FIRST_NEWS // 6)
                first.kill()
                first.wait()
            before, settled = {line[0] for line in lines()}, await acknowledged(database)
            assert settled <= before
            assert len(before) < FIRST_NEWS
            positions += range(FIRST_NEWS + 1, FIRST_NEWS + LATER_NEWS + 1)
            await a_minute_passes(database)
            with running(*worker, output=tmp_path / "second", **environment) as second:
                await until(lambda: len({line[2] for line in lines()}) == FIRST_NEWS + LATER_NEWS)
                second.terminate()
                assert second.wait(timeout=30) == 0
        await database.dispose()
        times = Counter(line[0] for line in lines())
        repeated = {message for message, number in times.items() if number > 1}
        assert {int(line[2]) for line in lines()} == set(positions)
        assert len(times) == len(positions)
        assert repeated <= before - settled
        assert len(repeated) <= 1  # a receiver has one message in hand at a time
