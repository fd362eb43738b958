"""Queries of matching: the names of all entities, who claims an identifier, and what candidates show."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import METADATA
from klaster_registry.entities.models import Entity, EntityIdentifier, EntityName
from klaster_registry.entities.saving import COLLECTION
from klaster_registry.matching.index import Named
from klaster_shared.changes import TABLE, span

_LOG = METADATA.tables[TABLE]
_MANY = 5_000  # values in one statement: SQLite takes 32,766
Claim = tuple[str, str]


class Shown(NamedTuple):
    """What is shown of a candidate."""

    id: UUID
    name: str
    rbw_number: int | None
    city: str | None
    country: str | None
    existence: str
    registration: str


async def last_change(session: AsyncSession) -> int:
    """The newest position of the change log."""
    _, last = await span(session, _LOG)
    return last


async def changed_since(session: AsyncSession, after: int, until: int) -> set[UUID] | None:
    """Entities that were written, merged or deleted behind one position and up to another.

    None where the log does not hold all of that any more.
    """
    log = _LOG.c
    behind = (log.position > after, log.position <= until)
    if await session.scalar(select(func.count()).select_from(_LOG).where(*behind)) != until - after:
        return None
    statement = select(log.record_id, log.merged_into).where(*behind, log.collection == COLLECTION)
    return {UUID(one) for row in await session.execute(statement) for one in row if one}


async def ids_page(session: AsyncSession, after: UUID | None, limit: int) -> list[UUID]:
    """Ids of entities in order, merged ones too: without them SQLite would sort the whole table for each page."""
    statement = select(col(Entity.id)).order_by(col(Entity.id)).limit(limit)
    if after is not None:
        statement = statement.where(col(Entity.id) > after)
    return list(await session.scalars(statement))


async def named(session: AsyncSession, ids: Sequence[UUID]) -> list[Named]:
    """Of these entities those that are there and not merged, with the names of whoever was merged into them."""
    found: list[Named] = []
    for at in range(0, len(ids), _MANY):
        some = ids[at : at + _MANY]
        names: dict[UUID, list[tuple[str, str]]] = {}
        # Two statements: asked for both at once, SQLite reads the whole table.
        for statement in (_own_names(some), _names_of_merged(some)):
            for owner, value, role in await session.execute(statement):
                names.setdefault(owner, []).append((value, role))
        columns: tuple[Any, ...] = (Entity.id, Entity.merged_into, Entity.city, Entity.country, Entity.existence)
        entities = select(*columns).where(col(Entity.id).in_(some))
        for entity_id, merged_into, city, country, existence in await session.execute(
            entities.order_by(col(Entity.id))
        ):
            withdrawn = existence == "withdrawn"
            if merged_into is None:
                found.append(Named(entity_id, names.get(entity_id, []), city, country, withdrawn))
    return found


def _own_names(ids: Sequence[UUID]) -> Any:
    name = EntityName
    statement = select(col(name.entity_id), col(name.value), col(name.role)).where(col(name.entity_id).in_(ids))
    return statement.order_by(col(name.entity_id), col(name.position))


def _names_of_merged(ids: Sequence[UUID]) -> Any:
    name = EntityName
    statement = select(col(Entity.merged_into), col(name.value), col(name.role))
    statement = statement.join(name, col(name.entity_id) == Entity.id).where(col(Entity.merged_into).in_(ids))
    return statement.order_by(col(name.entity_id), col(name.position))


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


async def claimants(session: AsyncSession, claims: Collection[Claim]) -> dict[Claim, set[UUID]]:
    """Who claims each of these identifiers, in one statement a scheme; who was merged is who it was merged into."""
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in sorted(claims):
        by_scheme.setdefault(scheme, []).append(value)
    wanted = [
        and_(col(EntityIdentifier.scheme) == scheme, col(EntityIdentifier.value).in_(values))
        for scheme, values in by_scheme.items()
    ]
    if not wanted:
        return {}
    owner = func.coalesce(col(Entity.merged_into), col(Entity.id))
    statement = (
        select(col(EntityIdentifier.scheme), col(EntityIdentifier.value), owner)
        .join(Entity, col(Entity.id) == col(EntityIdentifier.entity_id))
        .where(or_(*wanted), col(EntityIdentifier.verdict) != "invalid")
    )
    found: dict[Claim, set[UUID]] = {}
    for scheme, value, entity_id in await session.execute(statement):
        found.setdefault((scheme, value), set()).add(_uuid(entity_id))
    return found


async def numbered(session: AsyncSession, numbers: Collection[int]) -> dict[int, UUID]:
    """Who holds these numbers of the register."""
    owner = func.coalesce(col(Entity.merged_into), col(Entity.id))
    statement = select(col(Entity.rbw_number), owner).where(col(Entity.rbw_number).in_(numbers))
    return {number: _uuid(entity_id) for number, entity_id in await session.execute(statement) if number is not None}


async def survivors(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Each of these entities that is known, and whom it was merged into, if anybody."""
    owner = func.coalesce(col(Entity.merged_into), col(Entity.id))
    statement = select(col(Entity.id), owner).where(col(Entity.id).in_(ids))
    return {entity_id: _uuid(found) for entity_id, found in await session.execute(statement)}


async def shown(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Shown]:
    """What is shown of these entities."""
    columns: tuple[Any, ...] = tuple(getattr(Entity, name) for name in Shown._fields)
    found: dict[UUID, Shown] = {}
    every = sorted(ids)
    for at in range(0, len(every), _MANY):
        statement = select(*columns).where(col(Entity.id).in_(every[at : at + _MANY]))
        found |= {row[0]: Shown(*row) for row in await session.execute(statement)}
    return found
