"""What the service says of its outbox when it is asked how it is."""

from collections.abc import Callable
from datetime import datetime, timedelta

from klaster_events.messages.operations import NO_SERVER, outbox_of
from klaster_shared.database import Database
from klaster_shared.errors import Unavailable
from klaster_shared.health import Check

PATIENCE = timedelta(minutes=15)  # a mail server's restart, or its greylisting, is nobody's alarm


def outbox_check(database: Database, *, has_server: bool, clock: Callable[[], datetime]) -> Check:
    """A check that raises Unavailable where people wait for messages that do not go out."""

    async def check() -> None:
        now = clock()
        async with database.read() as session:
            outbox = await outbox_of(session, has_server=has_server, now=now)
        if not outbox["waiting"]:
            return
        since = outbox["oldest_waiting_since"]
        if not has_server:
            raise Unavailable(f"{NO_SERVER}: {outbox['waiting']} messages wait, the oldest since {since.isoformat()}")
        if since < now - PATIENCE:
            raise Unavailable(f"{outbox['waiting']} messages wait, the oldest since {since.isoformat()}")

    return check
