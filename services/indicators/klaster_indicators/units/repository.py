"""Queries on units."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import METADATA, column_of, columns_of
from klaster_indicators.units.models import Unit
from klaster_indicators.units.schemas import UnitListParameters
from klaster_shared.pagination import Order, after

ORDER = (Order("code", column_of(Unit, "code")),)


async def find(session: AsyncSession, unit_id: UUID, *, held: bool = False) -> Unit | None:
    """One unit; `held` keeps other writers out until this transaction ends."""
    statement = select(Unit).where(col(Unit.id) == unit_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def find_code(session: AsyncSession, code: str) -> Unit | None:
    """The unit of a code."""
    return await session.scalar(select(Unit).where(col(Unit.code) == code))


async def page(session: AsyncSession, asked: UnitListParameters) -> Sequence[Unit]:
    """One page by code, and one row more where there is more."""
    statement: Any = select(Unit).where(*_conditions(asked))
    return list((await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count(session: AsyncSession, asked: UnitListParameters) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Unit).where(*_conditions(asked))
    return int((await session.execute(statement)).scalar_one())


async def every(session: AsyncSession, *, held: bool = False) -> Sequence[Any]:
    """All units; `held`: none of them goes before this transaction ends."""
    statement = select(*columns_of(Unit))
    return list((await session.execute(statement.with_for_update(read=True) if held else statement)).all())


async def is_used(session: AsyncSession, code: str) -> bool:
    """Whether anything is counted in it: a measure of any edition, an observation, an item of a plan.

    Every table with a column `unit` is asked: units know no noun that uses them.
    """
    columns = [table.c.unit for table in METADATA.tables.values() if "unit" in table.c]
    found = [(await session.execute(select(exists().where(column == code)))).scalar_one() for column in columns]
    return any(found)


async def remove(session: AsyncSession, unit_id: UUID) -> None:
    """Remove a unit."""
    await session.execute(delete(Unit).where(col(Unit.id) == unit_id))


def _conditions(asked: UnitListParameters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.code:
        found.append(col(Unit.code).in_(asked.code))
    if asked.retired is not None:
        found.append(col(Unit.retired).is_(asked.retired))
    return found
