"""Queries on the state of live figures."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import columns_of
from klaster_indicators.live.models import LiveFigure


async def live_figures(session: AsyncSession) -> Sequence[Any]:
    """The state of every live figure."""
    return list((await session.execute(select(*columns_of(LiveFigure)))).all())


async def figures_to_change(session: AsyncSession, names: Collection[str]) -> dict[str, LiveFigure]:
    """Those of these names that are known, to be changed."""
    found = (await session.execute(select(LiveFigure).where(col(LiveFigure.name).in_(names)))).scalars()
    return {figure.name: figure for figure in found}


async def add(session: AsyncSession, figures: Iterable[LiveFigure]) -> None:
    """Add figures."""
    session.add_all(figures)
    await session.flush()
