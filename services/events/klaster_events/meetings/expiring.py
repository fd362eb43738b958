"""Ending what ends by itself, on the jobs tool: each batch, each edition in a transaction of its own."""

from contextlib import suppress
from datetime import datetime

from klaster_events.editions.errors import EditionNotFound
from klaster_events.meetings import ending
from klaster_shared.database import Database


async def expire_requests(database: Database, *, now: datetime) -> int:
    """End requests that nobody answered in time; how many there were. An idle service is not made to write."""
    ended = 0
    while True:
        async with database.read() as session:
            if not await ending.is_anything_overdue(session, now=now):
                return ended
        async with database.write() as session:
            found = await ending.expire_due(session, now=now)
        ended += found
        if not found:  # others hold what is left
            return ended


async def call_off_meetings(database: Database, *, now: datetime) -> int:
    """End the meetings of events that are cancelled; how many there were."""
    async with database.read() as session:
        editions = await ending.editions_called_off(session, now=now)
    ended = 0
    for edition_id in editions:
        async with database.write() as session:
            with suppress(EditionNotFound):  # it was deleted meanwhile
                ended += await ending.call_off_edition(session, edition_id=edition_id, now=now)
    return ended
