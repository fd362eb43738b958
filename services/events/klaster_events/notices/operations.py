"""Rules of notices: everybody concerned is told, in batches, and nobody twice.

Keys make it so: whoever is killed in the middle, or runs beside another, writes what is missing and nothing else.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.notices import repository
from klaster_events.outbox.models import Notice
from klaster_events.outbox.operations import Letter, tell
from klaster_shared.database import Database

BATCH = 500
_REGISTERED = ("requested", "waiting", "pending", "offered", "confirmed")
_HAVE_A_SEAT = ("confirmed",)
Clock = Callable[[], datetime]


async def expand_notices(database: Database, *, clock: Clock, batch: int = BATCH) -> int:
    """Write the messages of every notice that is untold; how many people were told."""
    told = 0
    while True:
        async with database.read() as session:  # an idle service is not made to write
            if not await repository.is_any_untold(session):
                return told
        async with database.write() as session:
            notice = await repository.hold_untold(session)
        if notice is None:  # another worker is at it
            return told
        told += await _expand(database, notice.id, clock=clock, batch=batch)


async def _expand(database: Database, notice_id: UUID, *, clock: Clock, batch: int) -> int:
    told, after = 0, None
    while True:
        async with database.write() as session:
            notice = await repository.hold_notice(session, notice_id)
            if notice is None:
                return told
            concerned = await _concerned(session, notice, after=after, limit=batch)
            await tell(session, letters=[_letter(notice, row) for row in concerned], now=clock())
            told += len(concerned)
            if len(concerned) < batch:
                notice.told_at = clock()
                return told
            after = concerned[-1].id


async def _concerned(session: AsyncSession, notice: Notice, *, after: UUID | None, limit: int) -> Sequence[Any]:
    if notice.kind == "completed":
        return await repository.came(session, notice, after=after, limit=limit)
    only_the_link = set(notice.context.get("changed", ())) == {"online_url"} and not notice.context.get("rescheduled")
    states = _HAVE_A_SEAT if only_the_link else _REGISTERED
    return await repository.registered(session, notice, states=states, after=after, limit=limit)


def _letter(notice: Notice, row: Any) -> Letter:
    kind: Any = notice.kind
    return Letter(
        kind=kind,
        person_id=row.person_id,
        language=row.language,
        event_id=notice.event_id,
        registration_id=row.registration_id,
        context=notice.context,
        key=f"notice:{notice.id}:{row.person_id}",
    )


async def remind(database: Database, *, hours: int, now: datetime, batch: int = BATCH) -> int:
    """Remind those who have a seat at an event that begins within these hours; how many they were."""
    within = timedelta(hours=hours)
    if not hours:
        return 0
    async with database.read() as session:
        near = await repository.events_near(session, now=now, within=within)
    reminded = 0
    for event_id, starts_at in near:
        reminded += await _remind(database, event_id, starts_at, since=starts_at - within, now=now, batch=batch)
    return reminded


async def _remind(
    database: Database, event_id: UUID, starts_at: datetime, *, since: datetime, now: datetime, batch: int
) -> int:
    reminded, after = 0, None
    while True:
        async with database.read() as session:
            rows = await repository.not_reminded(session, event_id, since=since, after=after, limit=batch)
        if rows:
            letters = [_reminder(event_id, starts_at, row) for row in rows]
            async with database.write() as session:
                await tell(session, letters=letters, now=now)
        reminded += len(rows)
        if len(rows) < batch:
            return reminded
        after = rows[-1].id


def _reminder(event_id: UUID, starts_at: datetime, row: Any) -> Letter:
    # Of the day it begins: an event that is put off is worth another reminder, one moved by an hour is not.
    return Letter(
        kind="reminder",
        person_id=row.person_id,
        language=row.language,
        event_id=event_id,
        registration_id=row.id,
        key=f"reminder:{row.id}:{starts_at:%Y%m%d}",
    )
