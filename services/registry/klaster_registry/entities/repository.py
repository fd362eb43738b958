"""Every query on entities."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.documents import Aspect, Whole
from klaster_registry.entities.filters import EntityListParameters, Flagged, conditions
from klaster_registry.entities.models import (
    Entity,
    EntityBranch,
    EntityField,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
    EntitySector,
    EntityValidity,
    RbwCounter,
)
from klaster_shared.database import Database, is_postgresql
from klaster_shared.pagination import Order, after, after_named, cursor_parameters

_NO_FILTER = {"cursor", "count"}
# Rows are written anew from objects that we hold: the session need not look for those that it knows.
AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}
_CHILDREN = (
    EntityName,
    EntityIdentifier,
    EntityLink,
    EntityField,
    EntitySector,
    EntityBranch,
    EntityRelation,
    EntityValidity,
)


async def find_entity(session: AsyncSession, entity_id: UUID) -> Entity | None:
    """One entity, as it is."""
    return await session.get(Entity, entity_id)


async def lock_entity(session: AsyncSession, entity_id: UUID) -> Entity | None:
    """One entity, held against other writers until this transaction ends (SQLite has but one writer)."""
    statement = select(Entity).where(col(Entity.id) == entity_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def id_by_number(session: AsyncSession, number: int) -> UUID | None:
    """The entity that holds a number of the register."""
    return await session.scalar(select(col(Entity.id)).where(col(Entity.rbw_number) == number))


async def ids_by_identifier(session: AsyncSession, scheme: str, value: str) -> list[tuple[UUID, str]]:
    """Id and name of everybody who claims an identifier."""
    statement = (
        select(col(Entity.id), col(Entity.name))
        .join(EntityIdentifier, col(EntityIdentifier.entity_id) == Entity.id)
        .where(col(EntityIdentifier.scheme) == scheme, col(EntityIdentifier.value) == value)
        .order_by(col(Entity.sort_name))
    )
    return [(entity_id, name) for entity_id, name in await session.execute(statement)]


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The entity that came from a source under a key."""
    statement = select(col(Entity.id)).where(col(Entity.source) == source, col(Entity.source_key) == source_key)
    return await session.scalar(statement)


async def read_document(session: AsyncSession, entity_id: UUID) -> tuple[str, int, UUID | None] | None:
    """The stored document, its version, and whom it was merged into."""
    statement = select(col(Entity.document), col(Entity.version), col(Entity.merged_into))
    found = (await session.execute(statement.where(col(Entity.id) == entity_id))).one_or_none()
    return None if found is None else (found[0], found[1], found[2])


async def survivor_of(session: AsyncSession, entity_id: UUID) -> UUID | None:
    """The entity itself, or the one it was merged into; None where there is no such entity."""
    # One step is enough: a merge re-points whoever was merged into the one that now goes.
    statement = select(func.coalesce(col(Entity.merged_into), col(Entity.id))).where(col(Entity.id) == entity_id)
    return await session.scalar(statement)


async def names_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these entities."""
    statement = select(col(Entity.id), col(Entity.name)).where(col(Entity.id).in_(ids))
    return dict((await session.execute(statement)).all())


async def documents_page(
    database: Database, parameters: EntityListParameters, *, order: Sequence[Order], flagged: Flagged, today: date
) -> Sequence[Any]:
    """Stored documents with the values they are ordered by; one row more than the page where there is more."""
    given = cursor_parameters(order, parameters.cursor)

    def write() -> Any:
        columns: list[Any] = [Entity.document, *(part.column for part in order)]
        statement: Any = select(*columns).where(*conditions(parameters, flagged=flagged, today=today))
        return after_named(statement, order, given).limit(parameters.limit + 1)

    asked = tuple((name, str(getattr(parameters, name))) for name in sorted(parameters.model_fields_set - _NO_FILTER))
    # What a taxonomy's flags stand for changes, and may be long: such a statement is written anew each time.
    key = (Entity, asked, today, len(given)) if flagged == Flagged() else None
    return await database.fetch(database.prepared(key, write), **given)


async def count_entities(
    session: AsyncSession, parameters: EntityListParameters, *, flagged: Flagged, today: date
) -> tuple[int, int]:
    """How many entities the parameters ask for, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(Entity.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(Entity)
    statement = statement.where(*conditions(parameters, flagged=flagged, today=today, every=True))
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def count_by_registration(session: AsyncSession) -> list[tuple[str, int]]:
    """How many entities there are of each state of registration."""
    statement = select(col(Entity.registration), func.count()).group_by(col(Entity.registration))
    return [(state, int(number)) for state, number in (await session.execute(statement)).all()]


async def load(session: AsyncSession, entity: Entity) -> Whole:
    """The entity with all its parts."""
    whole = Whole(entity)
    whole.names = await _children(session, EntityName, entity.id, EntityName.position)
    whole.identifiers = await _children(session, EntityIdentifier, entity.id, EntityIdentifier.position)
    whole.links = await _children(session, EntityLink, entity.id, EntityLink.position)
    whole.fields = await _children(session, EntityField, entity.id, EntityField.field)
    whole.sectors = await _children(session, EntitySector, entity.id, EntitySector.sector)
    whole.branches = await _children(session, EntityBranch, entity.id, EntityBranch.position)
    whole.relations = await _children(session, EntityRelation, entity.id, EntityRelation.position)
    whole.validities = await _children(session, EntityValidity, entity.id, EntityValidity.valid_from)
    return whole


async def validities_of(session: AsyncSession, entity_id: UUID, aspect: Aspect) -> Sequence[EntityValidity]:
    """What held in one respect, in order of time."""
    rows = EntityValidity
    statement = select(rows).where(col(rows.entity_id) == entity_id, col(rows.aspect) == aspect)
    return (await session.scalars(statement.order_by(col(rows.valid_from), col(rows.valid_until)))).all()


async def _children(session: AsyncSession, table: Any, entity_id: UUID, order: Any) -> list[Any]:
    return list((await session.scalars(select(table).where(table.entity_id == entity_id).order_by(order))).all())


async def insert_whole(session: AsyncSession, whole: Whole) -> None:
    """Write a new entity with its parts."""
    for rows in ([whole.entity], *whole.parts()):
        await insert_rows(session, rows)


async def insert_wholes(session: AsyncSession, wholes: Iterable[Whole]) -> None:
    """Write new entities with their parts, in one statement a table."""
    rows: dict[Any, list[dict[str, Any]]] = {Entity: []}
    for whole in wholes:
        for row in (whole.entity, *chain.from_iterable(whole.parts())):
            rows.setdefault(type(row), []).append(vars(row))
    for table, found in rows.items():
        # Into the table, not the class: for the class, rows go in groups by which of their columns are empty.
        names = table.__table__.columns.keys()
        await session.execute(insert(table.__table__), [{name: row[name] for name in names} for row in found])


async def insert_rows(session: AsyncSession, rows: Sequence[Any]) -> None:
    """Write parts in one statement a table."""
    if rows:
        await session.execute(insert(type(rows[0])), [row.model_dump() for row in rows])


async def replace_rows(session: AsyncSession, table: Any, entity_id: UUID, rows: Sequence[Any]) -> None:
    """Write the parts of one kind anew."""
    await session.execute(delete(table).where(table.entity_id == entity_id).execution_options(**AS_WRITTEN))
    await insert_rows(session, rows)


async def replace_aspect(
    session: AsyncSession, entity_id: UUID, aspect: Aspect, rows: Sequence[EntityValidity]
) -> None:
    """Write what held in one respect anew."""
    statement = delete(EntityValidity).where(
        col(EntityValidity.entity_id) == entity_id, col(EntityValidity.aspect) == aspect
    )
    await session.execute(statement.execution_options(**AS_WRITTEN))
    await insert_rows(session, rows)


async def delete_entity(session: AsyncSession, entity_id: UUID) -> None:
    """Remove an entity; its parts go with it."""
    for table in _CHILDREN:
        await session.execute(delete(table).where(col(table.entity_id) == entity_id).execution_options(**AS_WRITTEN))
    await session.execute(delete(Entity).where(col(Entity.id) == entity_id).execution_options(**AS_WRITTEN))


async def merged_into(session: AsyncSession, entity_id: UUID) -> list[Entity]:
    """Whoever was merged into this entity."""
    return list((await session.scalars(select(Entity).where(col(Entity.merged_into) == entity_id))).all())


async def next_rbw_number(session: AsyncSession) -> int:
    """The next number of the register; whoever asks next waits until this transaction has ended."""
    dialect: Any = postgresql if is_postgresql(session) else sqlite
    await session.execute(dialect.insert(RbwCounter).values(id=1, next_number=1).on_conflict_do_nothing())
    statement = update(RbwCounter).values(next_number=col(RbwCounter.next_number) + 1)
    taken = await session.execute(statement.returning(col(RbwCounter.next_number)))
    return int(taken.scalar_one()) - 1


async def members(
    session: AsyncSession,
    aspect: Aspect,
    value: str,
    *,
    period: ColumnElement[bool] | None,
    order: Sequence[Order],
    cursor: str | None,
    limit: int,
) -> Sequence[Any]:
    """Who held a value in one respect: id, number, name, period, in order; one row more where there is more."""
    columns: list[Any] = [
        Entity.id,
        Entity.rbw_number,
        Entity.name,
        Entity.sort_name,
        Entity.demonstration,
        EntityValidity.valid_from,
        EntityValidity.valid_until,
        EntityValidity.id.label("validity_id"),  # type: ignore[attr-defined]
    ]
    statement: Any = select(*columns).join(EntityValidity, col(EntityValidity.entity_id) == Entity.id)
    statement = statement.where(
        EntityValidity.aspect == aspect,
        EntityValidity.value == value,
        EntityValidity.valid_from < EntityValidity.valid_until,
    )
    if period is not None:
        statement = statement.where(period)
    rows: Sequence[Any] = (await session.execute(after(statement, order, cursor).limit(limit + 1))).all()
    return rows


BY_ID = by("id", Entity.id)
MEMBER_ORDER = (by("name", col(Entity.sort_name)), by("id", col(EntityValidity.id)))
