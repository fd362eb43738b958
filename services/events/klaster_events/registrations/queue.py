"""The waiting list: it moves up by itself whenever a seat is free, and gives up what was held for too long."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event
from klaster_events.events.seats import free_seats, is_open, move_counters
from klaster_events.outbox.models import Message
from klaster_events.outbox.operations import MessageKind, tell
from klaster_events.registrations import repository
from klaster_events.registrations.letters import CONFIRM_HOURS, answer_by, letter
from klaster_events.registrations.models import Registration
from klaster_events.registrations.session_seats.operations import leave, sit_down
from klaster_events.registrations.states import log, steps

BATCH = 200  # registrations of one event whose time is over, given up in one transaction


async def move_up(session: AsyncSession, *, event: Event, now: datetime) -> int:
    """Give the free seats of an event that the caller holds to those who wait longest; how many moved up.

    Where the event sets `offer_hours` a seat is held for each until it is taken, or the time is over; else it is
    theirs at once. Who has not confirmed the address yet waits on.
    """
    await session.flush()
    free = free_seats(event)
    if not is_open(event, now) or not event.waiting or (free is not None and free <= 0):
        return 0
    first = await repository.first_waiting(session, event.id, limit=free)
    if not first:
        return 0
    await (_offer if event.offer_hours else _seat)(session, event, first, now)
    return len(first)


async def _seat(session: AsyncSession, event: Event, first: Sequence[Registration], now: datetime) -> None:
    ids = [row.id for row in first]
    await repository.move(session, ids, state="confirmed", expires_at=None, updated_at=now)
    await move_counters(session, event=event, confirmed=len(ids), waiting=-len(ids))
    _log_all(session, event, ids, "confirmed")
    await sit_down(session, event_id=event.id, registration_ids=ids, now=now)
    await _tell_all(session, event, first, "moved_up", now)


async def _offer(session: AsyncSession, event: Event, first: Sequence[Registration], now: datetime) -> None:
    ids, hours = [row.id for row in first], event.offer_hours or 0
    until = answer_by(event, hours=hours, asked_at=now)
    await repository.move(session, ids, state="offered", expires_at=until, updated_at=now)
    await move_counters(session, event=event, held=len(ids), waiting=-len(ids))
    _log_all(session, event, ids, "offered")
    await _tell_all(session, event, first, "offer", now, hours=hours)


def _log_all(session: AsyncSession, event: Event, ids: Sequence[UUID], state: str) -> None:
    for registration_id in ids:
        log(session, kind="updated", event_id=event.id, registration_id=registration_id, state=state)


async def _tell_all(
    session: AsyncSession,
    event: Event,
    rows: Sequence[Registration],
    kind: MessageKind,
    now: datetime,
    **context: Any,
) -> None:
    if event.demonstration:
        return
    letters = [
        letter(event, kind, registration_id=row.id, person_id=row.person_id, language=row.language, **context)
        for row in rows
    ]
    await tell(session, letters=letters, now=now)


async def is_anything_due(session: AsyncSession, *, now: datetime) -> bool:
    """Whether the time of any registration is over."""
    return await repository.event_with_due(session, now=now) is not None


async def expire_due(session: AsyncSession, *, now: datetime) -> list[Registration]:
    """Give up what was held, or never confirmed, for too long, of one event; an empty list where there is nothing.

    Nothing is given up while the message that asks for the answer waits to be sent; one that was sent late gives
    its full time: what people were told stays true. Freed seats move the queue up in the same transaction.
    """
    event_id = await repository.event_with_due(session, now=now)
    if event_id is None:
        return []
    event = await hold_event(session, event_id=event_id)
    rows = await repository.due(session, event_id, now=now, limit=BATCH)
    asked = await repository.asked_at(session, [row.id for row in rows])
    over = []
    for row in rows:
        until = _until(event, asked.get(row.id))
        if until is not None and until > now:
            row.expires_at = until
        else:
            over.append(row)
    await give_up(session, event=event, rows=over, now=now)
    return list(rows)


def _until(event: Event, asked: Message | None) -> datetime | None:
    """Until when the one who was asked may answer; None where nobody was reached: there is nothing to wait for."""
    if asked is None or asked.sent_at is None:
        return None
    hours = int(asked.context.get("hours", CONFIRM_HOURS))
    return answer_by(event, hours=hours, asked_at=asked.sent_at)


async def give_up(session: AsyncSession, *, event: Event, rows: Sequence[Registration], now: datetime) -> None:
    """End these registrations of an event that the caller holds: their time is over."""
    offers = [row for row in rows if row.state == "offered"]
    moved: Counter[str] = Counter()
    for row in rows:
        moved.update(steps(row.state, "cancelled"))
        row.state, row.ended_by, row.expires_at = "cancelled", "expired", None
        row.updated_at, row.version = now, row.version + 1
        log(session, kind="updated", event_id=event.id, registration_id=row.id, state="cancelled")
    await session.flush()
    if rows:
        await move_counters(session, event=event, **moved)
        await leave(session, registration_ids=[row.id for row in rows], now=now)
        if event.state in {"published", "postponed"}:
            await _tell_all(session, event, offers, "offer_expired", now)
    await move_up(session, event=event, now=now)
