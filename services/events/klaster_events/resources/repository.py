"""Queries on shared laboratories and services, and on their rules."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, by, upsert
from klaster_events.resources.models import BookingRules, BookingTerms, Resource
from klaster_events.resources.schemas import ResourceListParameters
from klaster_shared.pagination import after
from klaster_shared.text import fold

ORDER = (by("sort_name", col(Resource.sort_name)), by("id", col(Resource.id)))


async def find_resource(session: AsyncSession, resource_id: UUID, *, held: bool = False) -> Resource | None:
    """One of them; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(Resource, resource_id, with_for_update=held or None, populate_existing=held)


async def resources_by_id(session: AsyncSession, ids: Collection[UUID], *, anew: bool = False) -> dict[UUID, Resource]:
    """These, as far as they are known; `anew`: as a statement has just written them."""
    if not ids:
        return {}
    statement = select(Resource).where(col(Resource.id).in_(ids)).execution_options(populate_existing=anew)
    found = await session.scalars(statement)
    return {one.id: one for one in found.all()}


async def write_copies(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write copies, new or known, in one statement."""
    if not rows:
        return
    statement = upsert(session, "resources")
    told = {name: statement.excluded[name] for name in rows[0] if name not in {"id", "version"}}
    told["version"] = statement.table.c.version + 1
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told), list(rows))


async def services_of(session: AsyncSession, lab_ids: Collection[UUID]) -> Sequence[Resource]:
    """The services of these laboratories."""
    found = await session.scalars(select(Resource).where(col(Resource.lab_id).in_(lab_ids))) if lab_ids else ()
    return list(found)


async def mark_gone(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Note that the registry has deleted these."""
    statement = update(Resource).where(col(Resource.id).in_(ids)).values(gone=True, version=col(Resource.version) + 1)
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def resources_page(
    session: AsyncSession, asked: ResourceListParameters, *, owners: Collection[UUID] | None, day: date
) -> Sequence[Resource]:
    """One page by name, and one row more where there is more."""
    statement: Any = select(Resource).where(*_conditions(asked, owners, day))
    return list((await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count_resources(
    session: AsyncSession, asked: ResourceListParameters, *, owners: Collection[UUID] | None, day: date
) -> int:
    """How many the filters leave."""
    statement = select(func.count()).select_from(Resource).where(*_conditions(asked, owners, day))
    return int(await session.scalar(statement) or 0)


def _conditions(asked: ResourceListParameters, owners: Collection[UUID] | None, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        col(Resource.gone).is_(False),
        col(Resource.shared_from) <= day,
        or_(col(Resource.shared_to).is_(None), col(Resource.shared_to) >= day),
    ]
    columns: list[tuple[Any, Collection[Any] | None]] = [
        (Resource.kind, asked.kind or None),
        (Resource.lab_id, asked.lab or None),
        (Resource.owner_id, owners),
    ]
    found += [col(column).in_(values) for column, values in columns if values is not None]
    flags = [(Resource.partners_only, asked.partners_only), (Resource.demonstration, asked.demonstration)]
    found += [col(column).is_(wanted) for column, wanted in flags if wanted is not None]
    if asked.bookable is not None:
        rules = exists().where(col(BookingRules.resource_id) == col(Resource.id), col(BookingRules.open).is_(True))
        found.append(rules if asked.bookable else ~rules)
    if asked.field:
        found.append(or_(*(col(Resource.field_codes).contains(f"|{one}|", autoescape=True) for one in asked.field)))
    words = fold(asked.q or "").split()
    return [*found, *(col(Resource.search_text).contains(word, autoescape=True) for word in words)]


async def hold_rules(session: AsyncSession, resource_id: UUID) -> BookingRules | None:
    """The rules of a resource, kept from other writers until this transaction ends: bookings follow each other."""
    return await session.get(BookingRules, resource_id, with_for_update=True, populate_existing=True)


async def rules_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, BookingRules]:
    """The rules of these, as far as there are any."""
    if not ids:
        return {}
    found = await session.scalars(select(BookingRules).where(col(BookingRules.resource_id).in_(ids)))
    return {one.resource_id: one for one in found.all()}


async def terms_of(session: AsyncSession, asked: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], BookingTerms]:
    """Terms by resource and version."""
    if not asked:
        return {}
    key = tuple_(col(BookingTerms.resource_id), col(BookingTerms.version))
    found = await session.scalars(select(BookingTerms).where(key.in_(list(asked))))
    return {(one.resource_id, one.version): one for one in found.all()}


async def last_terms(session: AsyncSession, resource_id: UUID) -> BookingTerms | None:
    """The newest terms of a resource."""
    statement = select(BookingTerms).where(col(BookingTerms.resource_id) == resource_id)
    return await session.scalar(statement.order_by(col(BookingTerms.version).desc()).limit(1))
