"""Queries on headquarters abroad."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.foreign_hqs.models import ForeignHq, ForeignHqPartner, ForeignHqPeriod
from klaster_registry.foreign_hqs.schemas import ForeignHqListParameters
from klaster_registry.periods import BEGINNING, END, covers, touches
from klaster_shared.pagination import after

ORDER = (by("name", col(ForeignHq.sort_name)), by("id", col(ForeignHq.id)))


async def find_hq(session: AsyncSession, hq_id: UUID, *, held: bool = False) -> ForeignHq | None:
    """One organisation abroad; `held` keeps other writers out until this transaction ends."""
    statement = select(ForeignHq).where(col(ForeignHq.id) == hq_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def names(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these organisations."""
    if not ids:
        return {}
    statement = select(col(ForeignHq.id), col(ForeignHq.name)).where(col(ForeignHq.id).in_(ids))
    return dict((await session.execute(statement)).all())


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The organisation that came from a source under a key."""
    statement = select(col(ForeignHq.id)).where(
        col(ForeignHq.source) == source, col(ForeignHq.source_key) == source_key
    )
    return await session.scalar(statement)


async def hqs_page(session: AsyncSession, asked: ForeignHqListParameters, *, today: date) -> Sequence[ForeignHq]:
    """One page, and one row more where there is more."""
    statement: Any = select(ForeignHq).where(*_conditions(asked, today))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def count_hqs(session: AsyncSession, asked: ForeignHqListParameters, *, today: date) -> tuple[int, int]:
    """How many there are, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(ForeignHq.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(ForeignHq).where(*_conditions(asked, today))
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def periods_of(session: AsyncSession, hqs: Collection[UUID]) -> dict[UUID, list[ForeignHqPeriod]]:
    """Engagements and readiness of these organisations, in order of time."""
    rows = ForeignHqPeriod
    statement = select(rows).where(col(rows.hq_id).in_(hqs)).order_by(col(rows.valid_from))
    found: dict[UUID, list[ForeignHqPeriod]] = {}
    for period in await session.scalars(statement):
        found.setdefault(period.hq_id, []).append(period)
    return found


async def replace_periods(session: AsyncSession, hq_id: UUID, aspect: str, periods: Sequence[ForeignHqPeriod]) -> None:
    """Write engagements, or readiness, anew."""
    rows = ForeignHqPeriod
    statement = delete(rows).where(col(rows.hq_id) == hq_id, col(rows.aspect) == aspect)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(periods)
    await session.flush()


async def partners_of(session: AsyncSession, hqs: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The entities of the region that these organisations work with."""
    rows = ForeignHqPartner
    found: dict[UUID, list[UUID]] = {}
    for row in await session.scalars(select(rows).where(col(rows.hq_id).in_(hqs)).order_by(col(rows.entity_id))):
        found.setdefault(row.hq_id, []).append(row.entity_id)
    return found


async def replace_partners(session: AsyncSession, hq_id: UUID, entities: Iterable[UUID]) -> None:
    """Write the partners of an organisation anew."""
    rows = ForeignHqPartner
    statement = delete(rows).where(col(rows.hq_id) == hq_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(rows(hq_id=hq_id, entity_id=entity_id) for entity_id in dict.fromkeys(entities))
    await session.flush()


async def hqs_of(session: AsyncSession, entity: UUID) -> Sequence[ForeignHq]:
    """The organisations abroad that name an entity, held against other writers."""
    statement = select(ForeignHq).where(_names((entity,))).order_by(col(ForeignHq.id)).with_for_update()
    return (await session.scalars(statement)).all()


async def delete_hq(session: AsyncSession, hq_id: UUID) -> None:
    """Remove an organisation with its periods and partners."""
    await session.execute(delete(ForeignHqPartner).where(col(ForeignHqPartner.hq_id) == hq_id))
    await session.execute(delete(ForeignHqPeriod).where(col(ForeignHqPeriod.hq_id) == hq_id))
    await session.execute(delete(ForeignHq).where(col(ForeignHq.id) == hq_id))


def _conditions(asked: ForeignHqListParameters, today: date) -> list[ColumnElement[bool]]:
    lists: list[tuple[Any, Sequence[Any]]] = [
        (ForeignHq.kind, asked.kind),
        (ForeignHq.country, asked.country),
        (ForeignHq.source, asked.source),
        (ForeignHq.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    if asked.demonstration is not None:
        found.append(col(ForeignHq.demonstration).is_(asked.demonstration))
    if asked.entity:
        found.append(_names(asked.entity))
    return [*found, *_in_time(asked, today)]


def _names(entities: Sequence[UUID]) -> ColumnElement[bool]:
    rows = ForeignHqPartner
    partner = select(1).where(col(rows.hq_id) == ForeignHq.id, col(rows.entity_id).in_(entities))
    return or_(col(ForeignHq.local_entity_id).in_(entities), exists(partner.correlate(ForeignHq)))


def _in_time(asked: ForeignHqListParameters, today: date) -> list[ColumnElement[bool]]:
    rows = ForeignHqPeriod
    on_day = covers(col(rows.valid_from), col(rows.valid_until), asked.as_of or today)
    is_engagement, under_way = col(rows.aspect) == "engagement", col(rows.value) != "ended"
    found = []
    if asked.engagement:
        found.append(_exists(is_engagement, col(rows.value).in_(asked.engagement), on_day))
    if asked.ready is not None:
        ready = _exists(col(rows.aspect) == "readiness", on_day)
        found.append(ready if asked.ready else ~ready)
    if asked.engaged_from or asked.engaged_to:
        window = touches(col(rows.valid_from), col(rows.valid_until), asked.engaged_from, asked.engaged_to)
        found.append(_exists(is_engagement, under_way, window))
    if asked.begun_from or asked.begun_to:
        begun = col(rows.valid_from).between(asked.begun_from or BEGINNING, asked.begun_to or END)
        found.append(_exists(is_engagement, col(rows.begins).is_(True), begun))
    return found


def _exists(*clauses: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).where(col(ForeignHqPeriod.hq_id) == ForeignHq.id, *clauses))
