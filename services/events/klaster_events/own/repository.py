"""Queries behind one's own registration."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.attendance.models import Attendance
from klaster_events.events.models import Event
from klaster_events.registrations.models import Registration


async def find(session: AsyncSession, registration_id: UUID) -> tuple[Registration, Event] | None:
    """A registration and its event, as the database has them now."""
    statement = (
        select(Registration, Event)
        .join(Event, col(Event.id) == col(Registration.event_id))
        .where(col(Registration.id) == registration_id)
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found is not None else None


async def sessions(session: AsyncSession, registration: Registration) -> Sequence[tuple[AgendaSession, str | None]]:
    """The sessions of the registration's event in their order, and its seat or wish in each."""
    own: Any = and_(
        col(SessionSeat.session_id) == col(AgendaSession.id), col(SessionSeat.registration_id) == registration.id
    )
    statement: Any = (
        select(AgendaSession, col(SessionSeat.state))
        .outerjoin(SessionSeat, own)
        .where(col(AgendaSession.event_id) == registration.event_id)
        .order_by(col(AgendaSession.starts_at), col(AgendaSession.id))
        .execution_options(populate_existing=True)
    )
    return [(one, state) for one, state in (await session.execute(statement)).all()]


async def certificate(session: AsyncSession, registration: Registration) -> Attendance | None:
    """The certificate of whoever is registered, where it was issued and holds."""
    statement = select(Attendance).where(
        col(Attendance.event_id) == registration.event_id,
        col(Attendance.person_id) == registration.person_id,
        col(Attendance.present),
        col(Attendance.certificate_number).is_not(None),
    )
    found: Attendance | None = await session.scalar(statement)
    return found
