"""Queries on the state of live figures."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func as sql
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import columns_of
from klaster_indicators.live.models import LiveFigure, LiveFigureState


async def live_figures(session: AsyncSession) -> Sequence[Any]:
    """The state of every live figure."""
    return list((await session.execute(select(*columns_of(LiveFigure)))).all())


async def figures_to_change(session: AsyncSession, names: Collection[str]) -> dict[str, LiveFigure]:
    """Those of these names that are known, to be changed."""
    found = (await session.execute(select(LiveFigure).where(col(LiveFigure.name).in_(names)))).scalars()
    return {figure.name: figure for figure in found}


async def states_at(session: AsyncSession, at: datetime) -> Sequence[Any]:
    """How the source of every live figure was at an instant."""
    table = LiveFigureState
    newest = (
        select(col(table.name), sql.max(col(table.since)).label("since"))
        .where(col(table.since) <= at)
        .group_by(col(table.name))
        .subquery()
    )
    own = (newest.c.name == table.name) & (newest.c.since == table.since)
    return list((await session.execute(select(*columns_of(table)).join(newest, own))).all())


async def last_states(session: AsyncSession, names: Collection[str]) -> dict[str, LiveFigureState]:
    """The last state of each of these figures, to be changed."""
    table = LiveFigureState
    newest = select(col(table.name), sql.max(col(table.since)).label("since")).group_by(col(table.name)).subquery()
    own = (newest.c.name == table.name) & (newest.c.since == table.since)
    statement = select(table).join(newest, own).where(col(table.name).in_(names))
    return {state.name: state for state in (await session.execute(statement)).scalars()}


async def add(session: AsyncSession, figures: Iterable[LiveFigure | LiveFigureState]) -> None:
    """Add figures, or states of them."""
    session.add_all(figures)
    await session.flush()
