"""Ending requests that nobody answered in time, on the jobs tool: each batch in a transaction of its own."""

from datetime import datetime

from klaster_events.meetings.operations import expire_due, is_anything_overdue
from klaster_shared.database import Database


async def expire_requests(database: Database, *, now: datetime) -> int:
    """End them; how many there were. An idle service is not made to write."""
    ended = 0
    while True:
        async with database.read() as session:
            if not await is_anything_overdue(session, now=now):
                return ended
        async with database.write() as session:
            found = await expire_due(session, now=now)
        ended += found
        if not found:  # others hold what is left
            return ended
