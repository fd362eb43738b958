"""Queries on competitors."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.competitors.models import Competitor
from klaster_events.database import AS_WRITTEN, by, upsert
from klaster_shared.pagination import PageParameters, after

ORDER = (by("other_id", col(Competitor.other_id)), by("entity_id", col(Competitor.entity_id)))


async def page(session: AsyncSession, ids: Collection[UUID], parameters: PageParameters) -> Sequence[Competitor]:
    """One page of the list of an entity, under all its ids, and one row more where there is more."""
    statement: Any = select(Competitor).where(col(Competitor.entity_id).in_(ids))
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count(session: AsyncSession, ids: Collection[UUID]) -> int:
    """How many an entity has named."""
    statement = select(func.count()).select_from(Competitor).where(col(Competitor.entity_id).in_(ids))
    return int(await session.scalar(statement) or 0)


async def add(session: AsyncSession, entity_id: UUID, other_id: UUID, *, now: datetime) -> None:
    """Put an entity on the list of another; a second time changes nothing."""
    row = {"entity_id": entity_id, "other_id": other_id, "created_at": now}
    await session.execute(upsert(session, "competitors").values(row).on_conflict_do_nothing())


async def remove(session: AsyncSession, ids: Collection[UUID], others: Collection[UUID]) -> None:
    """Take an entity off the list of another, under whatever id it stands there."""
    statement = delete(Competitor).where(col(Competitor.entity_id).in_(ids), col(Competitor.other_id).in_(others))
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def on_either_side(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Whom an entity named, and who named it."""
    statement = select(col(Competitor.entity_id), col(Competitor.other_id)).where(
        or_(col(Competitor.entity_id).in_(ids), col(Competitor.other_id).in_(ids))
    )
    rows = (await session.execute(statement)).all()
    return {other if entity in ids else entity for entity, other in rows}
