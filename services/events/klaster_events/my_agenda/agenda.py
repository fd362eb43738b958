"""One's own agenda, gathered from what stands below: sessions of the event, meetings, bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings.operations import bookings_of
from klaster_events.meetings.showing import scheduled_of
from klaster_events.my_agenda.lines import Line, booking_lines, in_order, meeting_lines, session_lines
from klaster_events.my_agenda.operations import Part, own_part
from klaster_events.registrations.models import Registration
from klaster_events.registrations.states import LIVE

_LATELY = timedelta(days=7)  # bookings that were before are no agenda any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Whose agenda it is, and what it holds."""

    part: Part
    lines: Sequence[Line]


async def own_agenda(session: AsyncSession, *, token: str, now: datetime) -> Agenda:
    """The agenda of whoever has the link; empty once the registration has ended. Raises LinkRefused."""
    part = await own_part(session, token=token)
    registration = part.own.registration
    if registration.state not in LIVE:
        return Agenda(part=part, lines=[])
    meetings = await scheduled_of(session, registration_id=registration.id, now=now)
    found = [*session_lines(part.own.sessions), *meeting_lines(meetings), *await _booked(session, registration, now)]
    return Agenda(part=part, lines=in_order(found))


async def _booked(session: AsyncSession, registration: Registration, now: datetime) -> list[Line]:
    """Bookings are of the person and not of the event: shown once the address is theirs for certain."""
    if registration.verified_at is None:
        return []
    since = now - _LATELY
    return booking_lines(await bookings_of(session, person_id=registration.person_id, since=since, language="all"))
