"""Giving up what was held for too long, on the jobs tool: an event at a time, each in a transaction of its own."""

from datetime import datetime

from klaster_events.registrations.operations import expire_due
from klaster_events.registrations.queue import is_anything_due
from klaster_shared.database import Database


async def expire_in_batches(database: Database, *, now: datetime) -> int:
    """Look at every registration whose time is over; how many there were. An idle service is not made to write."""
    looked_at = 0
    while True:
        async with database.read() as session:
            if not await is_anything_due(session, now=now):
                return looked_at
        async with database.write() as session:
            looked_at += len(await expire_due(session, now=now))
