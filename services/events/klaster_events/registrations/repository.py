"""Queries on registrations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, by
from klaster_events.registrations.models import Registration
from klaster_events.registrations.schemas import RegistrationListParameters
from klaster_shared.pagination import after

ORDER = (by("ticket", col(Registration.ticket)),)  # unique within an event


async def find_registration(session: AsyncSession, event_id: UUID, registration_id: UUID) -> Registration | None:
    """One registration of an event, as the database has it now."""
    found = await session.get(Registration, registration_id, populate_existing=True)
    return found if found is not None and found.event_id == event_id else None


async def of_people(session: AsyncSession, event_id: UUID, people: Collection[UUID]) -> dict[UUID, Registration]:
    """The registrations of these people for an event."""
    if not people:
        return {}
    statement = select(Registration).where(
        col(Registration.event_id) == event_id, col(Registration.person_id).in_(people)
    )
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {registration.person_id: registration for registration in found.all()}


async def by_ids(session: AsyncSession, event_id: UUID, ids: Collection[UUID]) -> dict[UUID, Registration]:
    """These registrations, as far as they are the event's."""
    if not ids:
        return {}
    statement = select(Registration).where(col(Registration.event_id) == event_id, col(Registration.id).in_(ids))
    return {registration.id: registration for registration in (await session.scalars(statement)).all()}


async def registrations_page(
    session: AsyncSession, event_id: UUID, parameters: RegistrationListParameters
) -> Sequence[Registration]:
    """One page in the order of arrival, and one row more where there is more."""
    statement = _of_event(select(Registration), event_id, parameters)
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_registrations(session: AsyncSession, event_id: UUID, parameters: RegistrationListParameters) -> int:
    """How many the parameters ask for."""
    statement = _of_event(select(func.count()).select_from(Registration), event_id, parameters)
    return int(await session.scalar(statement) or 0)


def _of_event(statement: Any, event_id: UUID, parameters: RegistrationListParameters) -> Any:
    statement = statement.where(col(Registration.event_id) == event_id)
    return statement.where(col(Registration.state).in_(parameters.state)) if parameters.state else statement


async def first_waiting(session: AsyncSession, event_id: UUID, *, limit: int | None) -> list[UUID]:
    """Who waits longest; all of them without a limit."""
    statement = select(col(Registration.id)).where(
        col(Registration.event_id) == event_id, col(Registration.state) == "waiting"
    )
    return list((await session.scalars(statement.order_by(col(Registration.ticket)).limit(limit))).all())


async def confirm(session: AsyncSession, ids: Collection[UUID], *, now: datetime) -> None:
    """Give these a seat."""
    statement = update(Registration).where(col(Registration.id).in_(ids)).values(state="confirmed", updated_at=now)
    await session.execute(statement.execution_options(**AS_WRITTEN))
