"""What the service says of its outbox when it is asked how it is."""

from collections.abc import Callable
from datetime import datetime, timedelta

from klaster_events.messages.operations import NO_SERVER, waiting_since
from klaster_shared.database import Database
from klaster_shared.errors import Unavailable
from klaster_shared.health import Check

PATIENCE = timedelta(minutes=15)  # a mail server's restart, or its greylisting, is nobody's alarm


def outbox_check(database: Database, *, has_server: bool, clock: Callable[[], datetime]) -> Check:
    """A check that raises Unavailable where people wait for messages that do not go out."""

    async def check() -> None:
        async with database.read() as session:
            number, since = await waiting_since(session)
        if since is None:
            return
        wait = f"{number} messages wait, the oldest since {since.isoformat()}"
        if not has_server:
            raise Unavailable(f"{NO_SERVER}: {wait}")
        if since < clock() - PATIENCE:
            raise Unavailable(wait)

    return check
