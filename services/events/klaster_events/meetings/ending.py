"""Rules of what ends by itself: requests that nobody answered in time, and meetings of an event that is cancelled."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import get_edition
from klaster_events.meetings import repository
from klaster_events.meetings.operations import note
from klaster_events.meetings.parties import Met
from klaster_events.meetings.showing import with_parties
from klaster_events.meetings.telling import tell_sides

BATCH = 200  # requests that expire in one transaction, editions that are looked at in one run


async def expire_due(session: AsyncSession, *, now: datetime) -> int:
    """End requests whose time is over, and tell who asked; how many there were, in one batch."""
    found = await with_parties(session, meetings=await repository.overdue(session, now=now, limit=BATCH))
    events = {}
    for edition_id in {met.meeting.edition_id for met in found}:
        _edition, events[edition_id] = await get_edition(session, edition_id=edition_id)
    for met in found:
        met.meeting.state = "expired"
        note(session, met, ["state"], now)
        event = events[met.meeting.edition_id]
        await tell_sides(session, met=met, event=event, kind="meeting_expired", sides=["asker"], now=now)
    return len(found)


async def is_anything_overdue(session: AsyncSession, *, now: datetime) -> bool:
    """Whether the time of any request is over."""
    return await repository.is_anything_overdue(session, now=now)


async def editions_called_off(session: AsyncSession, *, now: datetime) -> Sequence[UUID]:
    """Editions that still have meetings ahead, though their event is cancelled."""
    return await repository.editions_called_off(session, now=now, limit=BATCH)


async def call_off_edition(session: AsyncSession, *, edition_id: UUID, now: datetime) -> int:
    """End the meetings ahead of an edition whose event is cancelled; how many there were.

    Nobody is written to: all of them are told that the event is cancelled.
    """
    _edition, event = await get_edition(session, edition_id=edition_id, held=True)
    if event.state != "cancelled":
        return 0
    known = await repository.parties_of_edition(session, edition_id)
    found = [
        Met(row, known[row.asked_by_id], known[row.asked_id])
        for row in await repository.live_meetings(session, edition_id, held=True)
        if row.starts_at is None or row.starts_at > now
    ]
    await repository.free(session, [met.meeting.id for met in found])
    for met in found:
        met.meeting.end(by="event")
        note(session, met, ["state", "starts_at", "ends_at", "table"], now)
    return len(found)
