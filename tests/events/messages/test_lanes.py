"""A mail server that hangs keeps nothing waiting but mail."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.main import create_app
from klaster_events.settings import Settings
from klaster_shared.testing.servers import serving
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.events.conftest import Add, FakeRegistry
from tests.events.mailing import Clock, Outbox, silent_server


@pytest.fixture
async def working(database_url: str, registry: FakeRegistry) -> AsyncIterator[FastAPI]:
    """The service with its background work, beside a mail server that says nothing."""
    async with silent_server() as server:
        settings = Settings(
            database_url=database_url,
            jwks_file=keys_folder() / "jwks.json",
            private_key_file=keys_folder() / "events.jwk",
            port=1,
            registry_url=registry.url,
            follow_seconds=0.1,
            smtp_host=server.host,
            smtp_port=server.port,
            smtp_security="none",
            smtp_timeout_seconds=60,
            mail_from="events@klaster.example",
            drain_seconds=0.1,
        )
        yield create_app(settings)


class TestLanes:
    async def test_follows_the_registry_while_a_mail_server_hangs(
        self, office: httpx.AsyncClient, app: FastAPI, working: FastAPI, add: Add
    ) -> None:
        outbox = Outbox(app.state.database, Clock())
        event = await add(starts_at="2036-11-25T10:00:00Z", ends_at="2036-11-25T12:00:00Z")
        await outbox.tell("confirmed", await outbox.register(event["id"]))
        async with serving(working), asyncio.timeout(60):
            await at_least(1, outbox, "send_messages", "running")
            before = await jobs(outbox, "follow_registry", "succeeded")
            await at_least(before + 2, outbox, "follow_registry", "succeeded")
            assert await jobs(outbox, "send_messages", "running") == 1


async def jobs(outbox: Outbox, kind: str, state: str) -> int:
    """How many jobs of a kind are in a state."""
    statement = text("SELECT count(*) FROM jobs WHERE kind = :kind AND state = :state")
    async with outbox.database.read() as session:
        return int(await session.scalar(statement, {"kind": kind, "state": state}) or 0)


async def at_least(number: int, outbox: Outbox, kind: str, state: str) -> None:
    """Wait until there are so many."""
    while await jobs(outbox, kind, state) < number:  # noqa: ASYNC110 # a table has no event to wait for
        await asyncio.sleep(0.05)
