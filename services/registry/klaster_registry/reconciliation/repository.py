"""Queries of reconciliation: documents of entities, and the kinds they can be of."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_registry.entities.models import Entity
from klaster_registry.taxonomies.models import Term


class KindNamed(NamedTuple):
    """A kind of organisations, in both languages."""

    code: str
    pl: str
    en: str


async def documents(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """The documents of these entities; of who was merged, the one of whoever it was merged into."""
    kept = aliased(Entity)
    statement = (
        select(col(Entity.id), col(kept.document))
        .join(kept, col(kept.id) == func.coalesce(col(Entity.merged_into), col(Entity.id)))
        .where(col(Entity.id).in_(ids))
    )
    return dict((await session.execute(statement)).all())


async def kinds(session: AsyncSession) -> list[KindNamed]:
    """Every kind that is in use, in the office's order."""
    statement = (
        select(col(Term.code), col(Term.name_pl), col(Term.name_en))
        .where(col(Term.taxonomy) == "kinds", col(Term.retired).is_(False))
        .order_by(col(Term.position), col(Term.code))
    )
    return [KindNamed(*row) for row in await session.execute(statement)]
