"""Seats of an event: how many are free, and moving the counters, of which the database refuses one too many."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from klaster_events.events import repository
from klaster_events.events.errors import SeatsTaken
from klaster_events.events.models import Event


def free_seats(event: Event) -> int | None:
    """How many seats are free in an event that the caller holds; None where there is no limit."""
    return None if event.capacity is None else event.capacity - event.confirmed - event.held


def is_open(event: Event, now: datetime) -> bool:
    """Whether seats are given at all: a draft, a postponed or an over event gives none."""
    return event.state == "published" and event.starts_at > now


async def move_counters(
    session: AsyncSession,
    *,
    event: Event,
    confirmed: int = 0,
    held: int = 0,
    waiting: int = 0,
    tickets: int = 0,
) -> None:
    """Move the counters of an event that the caller holds, in the database and in hand.

    One conditional update: it moves nothing, and SeatsTaken is raised, where it would sell a seat that is not there.
    """
    moved = await repository.move_counters(
        session, event.id, confirmed=confirmed, held=held, waiting=waiting, tickets=tickets
    )
    if moved is None:
        raise SeatsTaken(f"{event.confirmed + event.held} of {event.capacity} seats are taken")
    for name, value in moved.items():
        set_committed_value(event, name, value)  # as the database has it: nothing that the session would write again
