"""Seats of an event: taken one by one, given back, and never more than there are."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events import repository
from klaster_events.events.errors import EventNotFound, WrongState
from klaster_events.events.models import Event
from klaster_shared.errors import Unavailable

Place = Literal["confirmed", "waiting"]
_TURNS = 10  # a seat can fall free, and be taken, between two looks; ten times in a row is no accident


async def take_place(session: AsyncSession, *, event_id: UUID, now: datetime) -> tuple[Place, int]:
    """Take a seat, or a place in the queue where all are taken; with its number in the order of arrival.

    Either way the event's row is held until this transaction ends: a seat that falls free meanwhile waits for
    whoever has just joined the queue. Raises EventNotFound or WrongState.
    """
    for _ in range(_TURNS):
        if (ticket := await repository.take_seat(session, event_id, now=now)) is not None:
            return "confirmed", ticket
        if (ticket := await repository.join_queue(session, event_id, now=now)) is not None:
            return "waiting", ticket
        await _refuse_closed(session, event_id, now)
    raise Unavailable("Too many people register at this moment", headers={"Retry-After": "1"})


async def _refuse_closed(session: AsyncSession, event_id: UUID, now: datetime) -> None:
    event = await repository.find_event(session, event_id)
    if event is None or event.state == "draft":
        raise EventNotFound(f"There is no event {event_id}")
    if event.state != "published":
        raise WrongState(f"The event is {event.state}: nobody can register any more")
    if event.starts_at <= now:
        raise WrongState("The event has begun: nobody can register any more")


def free_seats(event: Event) -> int | None:
    """How many seats are free in an event that the caller holds; None where there is no limit."""
    return None if event.capacity is None else event.capacity - event.confirmed


async def move_counters(session: AsyncSession, *, event: Event, confirmed: int = 0, waiting: int = 0) -> None:
    """Move the counters of an event that the caller holds, in the database and in hand."""
    await repository.move_counters(session, event.id, confirmed=confirmed, waiting=waiting)
    await session.refresh(event, ["confirmed", "waiting"])
