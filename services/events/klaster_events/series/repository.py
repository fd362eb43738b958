"""Queries on single series; the list of series, which looks at their events, has a place of its own."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN
from klaster_events.series.models import Series


async def find_series(session: AsyncSession, code: str, *, held: bool = False) -> Series | None:
    """One series; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(Series, code, with_for_update=held or None, populate_existing=held)


async def counts_by_code(session: AsyncSession) -> dict[str, list[str]]:
    """What every series counts as: there are dozens."""
    statement = select(col(Series.code), col(Series.counts_as))
    return dict((await session.execute(statement)).all())


async def labels_by_code(session: AsyncSession) -> dict[str, tuple[str, str]]:
    """The names of every series: there are dozens."""
    statement = select(col(Series.code), col(Series.name_pl), col(Series.name_en))
    return {code: (pl, en) for code, pl, en in (await session.execute(statement)).all()}


async def delete_series(session: AsyncSession, code: str) -> None:
    """Remove a series."""
    await session.execute(delete(Series).where(col(Series.code) == code).execution_options(**AS_WRITTEN))
