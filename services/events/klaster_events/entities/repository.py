"""Queries on the local copy of entities."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, upsert
from klaster_events.entities.models import EntityCopy

_KEPT = (
    "name",
    "interest_group",
    "startup",
    "startup_listed_year",
    "registration",
    "demonstration",
    "groups",
    "merged_into",
    "gone",
    "updated_at",
)


async def copies(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, EntityCopy]:
    """The copies of these entities, as far as there are any."""
    if not ids:
        return {}
    found = await session.scalars(select(EntityCopy).where(col(EntityCopy.id).in_(ids)))
    return {copy.id: copy for copy in found.all()}


async def profiles(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str, str | None]]:
    """Id, name and interest group of each of these, or of the one that it lives on in."""
    if not ids:
        return {}
    survivor = aliased(EntityCopy)
    own = (col(EntityCopy.id), col(EntityCopy.name), col(EntityCopy.interest_group))
    after_merge = (col(survivor.id), col(survivor.name), col(survivor.interest_group))
    lives_on = col(survivor.id).is_not(None)
    told = [case((lives_on, then), else_=now) for then, now in zip(after_merge, own, strict=True)]
    statement = select(col(EntityCopy.id), *told).where(col(EntityCopy.id).in_(ids))
    statement = statement.outerjoin(survivor, col(survivor.id) == col(EntityCopy.merged_into))
    rows = (await session.execute(statement)).all()
    return {entity_id: (living, name, group) for entity_id, living, name, group in rows}


async def other_ids(session: AsyncSession, entity_id: UUID) -> list[UUID]:
    """Other ids of an entity: of the one that it lives on in unless that is gone, and of all merged into them."""
    own, survivor = aliased(EntityCopy), aliased(EntityCopy)
    lives_on = select(col(survivor.id)).join(own, col(own.merged_into) == col(survivor.id))
    alive = lives_on.where(col(own.id) == entity_id, col(survivor.gone).is_(False)).scalar_subquery()
    merged = col(EntityCopy.merged_into)
    statement = select(col(EntityCopy.id)).where(or_(merged == entity_id, merged == alive, col(EntityCopy.id) == alive))
    return list((await session.scalars(statement)).all())


async def merged_ids(session: AsyncSession, ids: Collection[UUID]) -> list[UUID]:
    """Every entity that lives on in one of these."""
    if not ids:
        return []
    return list((await session.scalars(select(col(EntityCopy.id)).where(col(EntityCopy.merged_into).in_(ids)))).all())


async def write_copies(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write copies, new or known, in one statement."""
    if not rows:
        return
    statement = upsert(session, "entities")
    told = {name: statement.excluded[name] for name in _KEPT}
    # A merge holds for ever: a record that does not speak of it takes nothing back.
    told["merged_into"] = func.coalesce(statement.excluded.merged_into, statement.table.c.merged_into)
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told), list(rows))


async def insert_missing(session: AsyncSession, row: dict[str, Any]) -> None:
    """Write a copy unless there is one: the feed knows better."""
    await session.execute(upsert(session, "entities").values(row).on_conflict_do_nothing())


async def point_to_survivor(session: AsyncSession, *, merged: UUID, survivor: UUID) -> None:
    """Whoever lived on in `merged` lives on in `survivor`."""
    statement = update(EntityCopy).where(or_(col(EntityCopy.id) == merged, col(EntityCopy.merged_into) == merged))
    await session.execute(statement.values(merged_into=survivor).execution_options(**AS_WRITTEN))


async def mark_gone(session: AsyncSession, ids: Collection[UUID], *, now: datetime) -> None:
    """Note that the registry has deleted these."""
    statement = update(EntityCopy).where(col(EntityCopy.id).in_(ids)).values(gone=True, updated_at=now)
    await session.execute(statement.execution_options(**AS_WRITTEN))
