"""Every query on relations between entities."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.claims.repository import Claim, claims_of
from klaster_registry.entities.models import Entity, EntityIdentifier, EntityRelation
from klaster_registry.entities.relations.schemas import RelationListParameters
from klaster_registry.entities.repository import AS_WRITTEN
from klaster_shared.pagination import after


async def parents_of(session: AsyncSession, children: Collection[UUID] | None) -> list[tuple[UUID, UUID]]:
    """Child and parent, whoever of the two says so; of these children, or (None) of everybody."""
    rows, claims = EntityRelation, EntityIdentifier
    claimed = and_(
        col(claims.scheme) == col(rows.scheme), col(claims.value) == col(rows.value), col(claims.verdict) != "invalid"
    )
    linked = select(col(rows.entity_id), col(rows.target_id)).where(col(rows.target_id).is_not(None))
    stated = (
        select(col(rows.entity_id), col(claims.entity_id)).join(claims, claimed).where(col(rows.target_id).is_(None))
    )
    upwards: list[Any] = []
    downwards: list[Any] = []
    for statement, other in ((linked, col(rows.target_id)), (stated, col(claims.entity_id))):
        up, down = statement.where(col(rows.kind) == "parent"), statement.where(col(rows.kind) == "child")
        if children is not None:
            up, down = up.where(col(rows.entity_id).in_(children)), down.where(other.in_(children))
        upwards += (await session.execute(up)).all()
        downwards += (await session.execute(down)).all()
    return [(child, parent) for child, parent in upwards] + [(child, parent) for parent, child in downwards]


async def related_to_themselves(session: AsyncSession) -> set[UUID]:
    """Entities that some relation of theirs leads back to."""
    rows, claims = EntityRelation, EntityIdentifier
    linked = select(col(rows.entity_id)).where(col(rows.target_id) == rows.entity_id)
    claimed = and_(
        col(claims.entity_id) == rows.entity_id, col(claims.scheme) == rows.scheme, col(claims.value) == rows.value
    )
    stated = select(col(rows.entity_id)).join(claims, claimed).where(col(rows.target_id).is_(None))
    return {*(await session.scalars(linked)), *(await session.scalars(stated))}


async def point_relations(session: AsyncSession, *, old: UUID, new: UUID) -> None:
    """Relations that others' records link to an entity lead to its survivor."""
    statement = update(EntityRelation).where(col(EntityRelation.target_id) == old, col(EntityRelation.entity_id) != new)
    await session.execute(statement.values(target_id=new).execution_options(**AS_WRITTEN))


async def relations_page(
    session: AsyncSession, entity_id: UUID, asked: RelationListParameters, *, outgoing: bool
) -> Sequence[Any]:
    """Relations that an entity's own record states, or that others state of it; one row more where there is more."""
    rows, claims, other = EntityRelation, EntityIdentifier, aliased(Entity)
    claimant = (
        select(col(claims.entity_id))
        .where(col(claims.scheme) == rows.scheme, col(claims.value) == rows.value, col(claims.verdict) != "invalid")
        .order_by(col(claims.entity_id))
        .limit(1)
        .scalar_subquery()
    )
    target = func.coalesce(rows.target_id, claimant).label("target_id")
    columns: list[Any] = [rows.kind, rows.label, rows.scheme, rows.value, rows.entity_id, rows.position]
    if outgoing:
        joined: Any = select(*columns, target).where(col(rows.entity_id) == entity_id).subquery()
        statement: Any = select(joined, col(other.name).label("target_name")).outerjoin(
            other, col(other.id) == joined.c.target_id
        )
        order = (by("entity", joined.c.entity_id), by("position", joined.c.position))
    else:
        statement = select(*columns, col(other.name).label("entity_name")).join(other, col(other.id) == rows.entity_id)
        statement = statement.where(_pointing_at(entity_id, await claims_of(session, entity_id)))
        order = RELATION_ORDER
    found: Sequence[Any] = (await session.execute(after(statement, order, asked.cursor).limit(asked.limit + 1))).all()
    return found


def _pointing_at(entity_id: UUID, claims: Collection[Claim]) -> ColumnElement[bool]:
    rows = EntityRelation
    stated = [and_(col(rows.scheme) == scheme, col(rows.value) == value) for scheme, value in sorted(claims)]
    return or_(col(rows.target_id) == entity_id, and_(col(rows.target_id).is_(None), or_(False, *stated)))


RELATION_ORDER = (by("entity", col(EntityRelation.entity_id)), by("position", col(EntityRelation.position)))
