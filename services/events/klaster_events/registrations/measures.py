"""Registrations as numbers: of events that are announced and not over, from the counters that the events keep."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.registrations import repository
from klaster_shared.watching.measures import Gauge, Measure, Sample

EVENTS = Gauge("klaster_events_ahead", "Events that are announced and not over")
SEATS = Gauge("klaster_seats_ahead", "Seats of these events, of those that have a limit")
REGISTRATIONS = Gauge("klaster_registrations", "Registrations for these events", ("state",))
_STATES = ("requested", "pending", "offered")


async def _read(session: AsyncSession, now: datetime) -> Iterable[Sample]:
    ahead = await repository.seats_ahead(session, now=now)
    undecided: dict[str, int] = dict.fromkeys(_STATES, 0)
    undecided.update((state, number) for state, number in await repository.undecided_ahead(session, now=now))
    states = {**undecided, "confirmed": ahead.confirmed, "waiting": ahead.waiting}
    return [
        Sample(EVENTS, ahead.events),
        Sample(SEATS, ahead.capacity),
        *(Sample(REGISTRATIONS, number, (state,)) for state, number in states.items()),
    ]


AHEAD = Measure((EVENTS, SEATS, REGISTRATIONS), _read)
