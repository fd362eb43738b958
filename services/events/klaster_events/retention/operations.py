"""Rules of retention: a clock that runs by itself, in small transactions, and writes nothing while nothing is due."""

from calendar import monthrange
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.consents.operations import drop_consents
from klaster_events.database import METADATA
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.operations import erase_people
from klaster_events.retention import repository
from klaster_events.retention.repository import Clock
from klaster_shared.database import Database
from klaster_shared.idempotency import forget_old_answers

BATCH = 500
UNCONFIRMED = timedelta(days=7)  # a registration that lapsed for want of a confirmed address: its last message is read
LOOKS_MONTHS = 36  # who suffered from a look may claim damages for three years after learning of it
Find = Callable[[AsyncSession], Awaitable[list[UUID]]]
Drop = Callable[[AsyncSession, Collection[UUID]], Awaitable[object]]


def months_before(now: datetime, months: int) -> datetime:
    """The same day of the month so many months ago, or the last one that the month has."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


async def forget_unneeded_people(session: AsyncSession, *, clock: Clock, now: datetime) -> list[UUID]:
    """Erase one batch of people whom nothing needs any more; who they were."""
    ids = await repository.hold_unneeded(session, clock=clock, limit=BATCH)
    if ids:
        await erase_people(session, ids=ids, reason="retention", now=now)
    return ids


async def forget_in_batches(database: Database, *, ledger: Ledger, months: int, now: datetime) -> int:
    """Erase everybody whose last event ended more than `months` ago, or who has none at all; how many they were.

    Whoever a post names as its contact is needed until it has been over, or closed, for as long.

    Somebody whose address was never confirmed goes a week after the registration lapsed.

    The ledger is told after the commit: one killed in between is completed from the database at the next start, and
    a backup restored before that is caught by this clock itself.
    """
    clock, forgotten = Clock(since=months_before(now, months), unconfirmed_since=now - UNCONFIRMED), 0
    while True:
        async with database.read() as session:
            if not await repository.unneeded(session, clock=clock, limit=1):
                return forgotten
        async with database.write() as session:
            batch = await forget_unneeded_people(session, clock=clock, now=now)
        await ledger.append(batch, at=now)
        forgotten += len(batch)
        if not batch:
            return forgotten


async def tidy(database: Database, *, months: int, now: datetime) -> dict[str, int]:
    """Delete what has done its time, and consents that nobody confirmed; how many of each."""
    messages, looks = months_before(now, months), months_before(now, LOOKS_MONTHS)
    done = {
        "messages": await _in_batches(
            database,
            lambda session: repository.old_messages(session, before=messages, limit=BATCH),
            repository.delete_messages,
        ),
        "looks": await _in_batches(
            database,
            lambda session: repository.old_looks(session, before=looks, limit=BATCH),
            repository.delete_looks,
        ),
        "consents": await _in_batches(
            database,
            lambda session: repository.unconfirmed_consents(session, limit=BATCH),
            lambda session, ids: drop_consents(session, ids=ids),
        ),
    }
    async with database.write() as session:
        return {**done, "answers": await forget_old_answers(session, METADATA, now=now)}


async def _in_batches(database: Database, find: Find, drop: Drop) -> int:
    dropped = 0
    while True:
        async with database.read() as session:
            ids = await find(session)
        if not ids:
            return dropped
        async with database.write() as session:
            await drop(session, ids)
        dropped += len(ids)
