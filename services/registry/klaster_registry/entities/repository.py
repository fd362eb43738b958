"""Every query on entities."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
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
from klaster_registry.entities.schemas import RelationListParameters
from klaster_registry.filters import among
from klaster_shared.database import Database, is_postgresql
from klaster_shared.pagination import Order, after, after_named, cursor_parameters

Claim = tuple[str, str]
NOBODY = UUID(int=0)
_NO_FILTER = {"cursor", "count"}
# Rows are written anew from objects that we hold: the session need not look for those that it knows.
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}
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
    await session.execute(delete(table).where(table.entity_id == entity_id).execution_options(**_AS_WRITTEN))
    await insert_rows(session, rows)


async def replace_aspect(
    session: AsyncSession, entity_id: UUID, aspect: Aspect, rows: Sequence[EntityValidity]
) -> None:
    """Write what held in one respect anew."""
    statement = delete(EntityValidity).where(
        col(EntityValidity.entity_id) == entity_id, col(EntityValidity.aspect) == aspect
    )
    await session.execute(statement.execution_options(**_AS_WRITTEN))
    await insert_rows(session, rows)


async def delete_entity(session: AsyncSession, entity_id: UUID) -> None:
    """Remove an entity; its parts go with it."""
    for table in _CHILDREN:
        await session.execute(delete(table).where(col(table.entity_id) == entity_id).execution_options(**_AS_WRITTEN))
    await session.execute(delete(Entity).where(col(Entity.id) == entity_id).execution_options(**_AS_WRITTEN))


async def claims_of(session: AsyncSession, entity_id: UUID) -> set[Claim]:
    """The identifiers that an entity claims."""
    rows = EntityIdentifier
    statement = select(col(rows.scheme), col(rows.value)).where(
        col(rows.entity_id) == entity_id, col(rows.verdict) != "invalid"
    )
    return {(scheme, value) for scheme, value in await session.execute(statement)}


async def hold_claims(session: AsyncSession, claims: Collection[Claim]) -> None:
    """Whoever claims one of these identifiers next waits: two claimants at once would not see each other."""
    if not claims or not is_postgresql(session):
        return
    keys = sorted(
        int.from_bytes(hashlib.blake2b(f"{scheme}:{value}".encode(), digest_size=8).digest(), signed=True)
        for scheme, value in claims
    )
    # In one order for all, so that nobody waits in a circle.
    statement = text("SELECT pg_advisory_xact_lock(k) FROM (SELECT unnest(CAST(:keys AS bigint[])) k ORDER BY 1) s")
    await session.execute(statement, {"keys": keys})


async def other_claimants(session: AsyncSession, claims: Collection[Claim], *, besides: UUID) -> dict[Claim, set[UUID]]:
    """For each identifier that others claim, too: who they are. Wrong identifiers claim nothing."""
    if not claims:
        return {}
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in sorted(claims):
        by_scheme.setdefault(scheme, []).append(value)
    rows = EntityIdentifier
    wanted = [
        and_(col(rows.scheme) == scheme, among(session, col(rows.value), values))
        for scheme, values in by_scheme.items()
    ]
    statement = select(col(rows.scheme), col(rows.value), col(rows.entity_id)).where(
        or_(*wanted), col(rows.entity_id) != besides, col(rows.verdict) != "invalid"
    )
    found: dict[Claim, set[UUID]] = {}
    for scheme, value, entity_id in (await session.execute(statement)).all():
        found.setdefault((scheme, value), set()).add(entity_id)
    return found


async def claimants_of(session: AsyncSession, claims: Collection[Claim]) -> dict[Claim, list[UUID]]:
    """Everybody who claims these identifiers; wrong ones claim nothing."""
    found: dict[Claim, list[UUID]] = {}
    for claim, entity_ids in (await other_claimants(session, claims, besides=NOBODY)).items():
        found[claim] = sorted(entity_ids)
    return found


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


async def merged_into(session: AsyncSession, entity_id: UUID) -> list[Entity]:
    """Whoever was merged into this entity."""
    return list((await session.scalars(select(Entity).where(col(Entity.merged_into) == entity_id))).all())


async def point_relations(session: AsyncSession, *, old: UUID, new: UUID) -> None:
    """Relations that others' records link to an entity lead to its survivor."""
    statement = update(EntityRelation).where(col(EntityRelation.target_id) == old, col(EntityRelation.entity_id) != new)
    await session.execute(statement.values(target_id=new).execution_options(**_AS_WRITTEN))


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
RELATION_ORDER = (by("entity", col(EntityRelation.entity_id)), by("position", col(EntityRelation.position)))
MEMBER_ORDER = (by("name", col(Entity.sort_name)), by("id", col(EntityValidity.id)))
