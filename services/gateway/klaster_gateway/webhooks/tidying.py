"""What is done for webhooks now and then: old messages go."""

from datetime import datetime, timedelta

from klaster_gateway.webhooks import repository
from klaster_shared.database import Database

KEPT_FOR = timedelta(days=30)  # for replays, and for whoever lets a paused webhook go on


async def forget_old(database: Database, *, now: datetime) -> int:
    """Delete messages older than a month: how many."""
    async with database.write() as session:
        return await repository.forget_deliveries(session, before=now - KEPT_FOR)
