"""Queries that look for people whom nothing needs any more."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.attendance.models import Attendance
from klaster_events.people.models import Person
from klaster_events.registrations.models import Registration


def _unneeded() -> Any:
    registered = exists(select(1).where(col(Registration.person_id) == Person.id))
    came = exists(select(1).where(col(Attendance.person_id) == Person.id))
    return select(col(Person.id)).where(~registered, ~came)


async def unneeded(session: AsyncSession, *, limit: int) -> list[UUID]:
    """People without a registration and without attendance."""
    return list((await session.scalars(_unneeded().limit(limit))).all())


async def hold_unneeded(session: AsyncSession, *, limit: int) -> list[UUID]:
    """As `unneeded`, held against a registration that is about to need them.

    Asked twice: the first question locks the rows, the second sees what was committed before the lock was had.
    """
    locked = list((await session.scalars(_unneeded().limit(limit).with_for_update(skip_locked=True))).all())
    return list((await session.scalars(_unneeded().where(col(Person.id).in_(locked)))).all()) if locked else []
