"""One's own agenda, gathered from what stands below: sessions of the event, meetings, bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.meetings.showing import scheduled_of
from klaster_events.my_agenda.lines import Line, in_order, meeting_lines, session_lines
from klaster_events.my_agenda.operations import Part, own_part
from klaster_events.registrations.states import LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Whose agenda it is, and what it holds."""

    part: Part
    lines: Sequence[Line]


async def own_agenda(session: AsyncSession, *, token: str, now: datetime) -> Agenda:
    """The agenda of whoever has the link; empty once the registration has ended. Raises LinkRefused."""
    part = await own_part(session, token=token)
    if part.own.registration.state not in LIVE:
        return Agenda(part=part, lines=[])
    meetings = await scheduled_of(session, registration_id=part.own.registration.id, now=now)
    return Agenda(part=part, lines=in_order([*session_lines(part.own.sessions), *meeting_lines(meetings)]))
