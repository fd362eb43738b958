"""Queries on the list of series."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import by
from klaster_events.series.models import Series
from klaster_events.series_list.filters import SeriesListParameters, conditions
from klaster_shared.pagination import after

ORDER = (by("code", col(Series.code)),)


async def series_page(
    session: AsyncSession, parameters: SeriesListParameters, *, counting: list[str] | None, zone: str
) -> Sequence[Series]:
    """One page by code, and one row more where there is more."""
    statement: Any = select(Series).where(*conditions(parameters, counting=counting, zone=zone))
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_series(
    session: AsyncSession, parameters: SeriesListParameters, *, counting: list[str] | None, zone: str
) -> tuple[int, int]:
    """How many series the parameters ask for, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(Series.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(Series)
    total, marked = (
        await session.execute(statement.where(*conditions(parameters, counting=counting, zone=zone)))
    ).one()
    return int(total), int(marked)
