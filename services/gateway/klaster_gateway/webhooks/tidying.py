"""What is done for webhooks now and then: old messages go, and what waits is counted."""

from datetime import datetime, timedelta

from klaster_gateway.webhooks import repository
from klaster_gateway.webhooks.metrics import DEAD, LAG, WAITING
from klaster_shared.database import Database

KEPT_FOR = timedelta(days=30)  # for replays, and for whoever lets a paused webhook go on


async def forget_old(database: Database, *, now: datetime) -> int:
    """Delete messages older than a month: how many."""
    async with database.write() as session:
        return await repository.forget_deliveries(session, before=now - KEPT_FOR)


async def count(database: Database, *, now: datetime) -> dict[str, int]:
    """Set the gauges; what they say."""
    async with database.read() as session:
        waiting, dead, oldest = await repository.counts(session, now=now)
    WAITING.set(waiting)
    DEAD.set(dead)
    LAG.set((now - oldest).total_seconds() if oldest is not None else 0)
    return {"waiting": waiting, "dead": dead}
