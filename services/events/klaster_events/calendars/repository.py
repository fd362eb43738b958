"""Queries that calendars need and no noun below has: what one person is registered for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import SessionSeat
from klaster_events.events.models import Event
from klaster_events.registrations.models import Registration

_WITH_A_SEAT = ("confirmed", "pending", "offered")


async def registered_for(
    session: AsyncSession, person_id: UUID, *, since: datetime, limit: int
) -> Sequence[tuple[Event, Registration]]:
    """The last events at which a person has a seat, confirmed or held, and that ended no earlier than `since`."""
    statement: Any = (
        select(Event, Registration)
        .join(Registration, col(Registration.event_id) == col(Event.id))
        .where(
            col(Registration.person_id) == person_id,
            col(Registration.state).in_(_WITH_A_SEAT),
            col(Event.state) != "draft",
            col(Event.ends_at) >= since,
        )
        .order_by(col(Event.starts_at).desc(), col(Event.id))
        .limit(limit)
    )
    return [(event, registration) for event, registration in (await session.execute(statement)).all()][::-1]


async def chosen_sessions(session: AsyncSession, registration_ids: Collection[UUID]) -> set[UUID]:
    """The sessions in which these registrations have a seat."""
    if not registration_ids:
        return set()
    statement = select(col(SessionSeat.session_id)).where(
        col(SessionSeat.registration_id).in_(registration_ids), col(SessionSeat.state) == "taken"
    )
    return set((await session.scalars(statement)).all())
