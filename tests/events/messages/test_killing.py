"""`kill -9` of the worker: a message that was handed over and not marked goes out again under the same id."""

import asyncio
import os
import signal
import sys

from sqlalchemy import text

from klaster_events.messages.delivery import deliver
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.events.conftest import NOW, Add
from tests.events.mailing import Mailbox, Outbox


async def worker(database_url: str, box: Mailbox) -> asyncio.subprocess.Process:
    """The worker as a process of its own."""
    environment = {
        "EVENTS_DATABASE_URL": database_url,
        "EVENTS_JWKS_FILE": str(keys_folder() / "jwks.json"),
        "EVENTS_REGISTRY_URL": "http://127.0.0.1:1",
        "EVENTS_PUBLIC_URL": "https://klaster.example",
        "EVENTS_SMTP_HOST": "127.0.0.1",
        "EVENTS_SMTP_PORT": str(box.port),
        "EVENTS_SMTP_SECURITY": "none",
        "EVENTS_MAIL_FROM": "events@klaster.example",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "klaster_events.worker",
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


class TestKill:
    async def test_between_sending_and_marking_sends_the_same_message_again(
        self, database_url: str, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        event = await add(starts_at="2036-11-25T10:00:00Z", ends_at="2036-11-25T12:00:00Z")
        message = await outbox.tell("confirmed", await outbox.register(event["id"]))
        box.holding_after = asyncio.Event()
        process = await worker(database_url, box)
        try:
            async with asyncio.timeout(60):
                await box.reached.wait()
        finally:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        box.holding_after.set()
        [left] = await outbox.messages()
        assert (left.state, left.attempts) == ("waiting", 1)
        box.holding_after = None
        async with outbox.database.write() as session:  # its lease has run out
            await session.execute(text("UPDATE messages SET due_at = created_at"))
        outbox.clock.now = NOW
        assert await deliver(outbox.post(box.server)) == {"sent": 1}
        assert [taken["Message-ID"] for taken in box.taken] == [f"<{message}@klaster.example>"] * 2
