"""Queries on the people that get a badge."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.people.models import Person
from klaster_events.registrations.models import Registration


async def bearers(session: AsyncSession, event_id: UUID) -> Sequence[Any]:
    """Name, entity and code of everybody who has a seat for certain."""
    statement = (
        select(col(Person.name), col(Registration.entity_id), col(Registration.code))
        .join(Person, col(Person.id) == col(Registration.person_id))
        .where(col(Registration.event_id) == event_id, col(Registration.state) == "confirmed")
    )
    found: Sequence[Any] = (await session.execute(statement)).all()
    return found
