"""Queries on laboratories."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.models import EntityValidity
from klaster_registry.labs.models import Lab, LabArea, LabField, LabFootprint
from klaster_registry.labs.schemas import LabListParameters
from klaster_registry.periods import covers, whole_years
from klaster_shared.pagination import after

ORDER = (by("name", col(Lab.sort_name)), by("id", col(Lab.id)))


async def find_lab(session: AsyncSession, lab_id: UUID, *, held: bool = False) -> Lab | None:
    """One laboratory; `held` keeps other writers out until this transaction ends."""
    statement = select(Lab).where(col(Lab.id) == lab_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The laboratory that came from a source under a key."""
    statement = select(col(Lab.id)).where(col(Lab.source) == source, col(Lab.source_key) == source_key)
    return await session.scalar(statement)


async def labs_page(session: AsyncSession, asked: LabListParameters, *, today: date) -> Sequence[Lab]:
    """One page, and one row more where there is more."""
    statement: Any = select(Lab).where(*_conditions(asked, today))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def areas_of(session: AsyncSession, labs: Collection[UUID]) -> dict[UUID, list[LabArea]]:
    """The areas of these laboratories, in order of time."""
    statement = select(LabArea).where(col(LabArea.lab_id).in_(labs)).order_by(col(LabArea.valid_from))
    found: dict[UUID, list[LabArea]] = {}
    for area in await session.scalars(statement):
        found.setdefault(area.lab_id, []).append(area)
    return found


async def footprints_of(session: AsyncSession, labs: Collection[UUID]) -> dict[UUID, list[LabFootprint]]:
    """The carbon footprints of these laboratories, year by year."""
    rows = LabFootprint
    found: dict[UUID, list[LabFootprint]] = {}
    for row in await session.scalars(select(rows).where(col(rows.lab_id).in_(labs)).order_by(col(rows.year))):
        found.setdefault(row.lab_id, []).append(row)
    return found


async def fields_of(session: AsyncSession, labs: Collection[UUID]) -> dict[UUID, list[str]]:
    """The fields of these laboratories."""
    statement = select(LabField).where(col(LabField.lab_id).in_(labs)).order_by(col(LabField.field))
    found: dict[UUID, list[str]] = {}
    for row in await session.scalars(statement):
        found.setdefault(row.lab_id, []).append(row.field)
    return found


async def labs_by_id(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Lab]:
    """These laboratories."""
    return (await session.scalars(select(Lab).where(col(Lab.id).in_(ids)))).all() if ids else []


async def labs_of(session: AsyncSession, owner: UUID) -> Sequence[Lab]:
    """The laboratories of an entity, held against other writers."""
    statement = select(Lab).where(col(Lab.owner_id) == owner).order_by(col(Lab.id)).with_for_update()
    return (await session.scalars(statement)).all()


async def measure(
    session: AsyncSession, asked: LabListParameters, *, today: date
) -> tuple[int, int, int, Decimal | None]:
    """How many laboratories, how many of them demonstration data, how many with an area, and the sum of these."""
    day = asked.as_of or today
    held = covers(col(LabArea.valid_from), col(LabArea.valid_until), day)
    statement = (
        select(
            func.count(),
            func.coalesce(func.sum(case((col(Lab.demonstration), 1), else_=0)), 0),
            func.count(col(LabArea.id)),
            func.sum(col(LabArea.area_m2)),
        )
        .select_from(Lab)
        .join(LabArea, and_(col(LabArea.lab_id) == Lab.id, held), isouter=True)
        .where(*_conditions(asked, today))
    )
    total, marked, stated, area = (await session.execute(statement)).one()
    return int(total), int(marked), int(stated), area


async def measure_footprints(
    session: AsyncSession, asked: LabListParameters, *, today: date
) -> tuple[int, int, int, Decimal | None]:
    """As `measure`, with the footprints of the years asked for in place of the areas."""
    rows = LabFootprint
    stated = (
        select(col(Lab.id), col(Lab.demonstration), func.sum(col(rows.tco2e)).label("tco2e"))
        .select_from(Lab)
        .join(rows, and_(col(rows.lab_id) == Lab.id, _in_years(asked)), isouter=True)
        .where(*_conditions(asked, today))
        .group_by(col(Lab.id), col(Lab.demonstration))
        .subquery()
    )
    marked = func.coalesce(func.sum(case((stated.c.demonstration, 1), else_=0)), 0)
    statement = select(func.count(), marked, func.count(stated.c.tco2e), func.sum(stated.c.tco2e)).select_from(stated)
    labs, demonstration, stating, total = (await session.execute(statement)).one()
    return int(labs), int(demonstration), int(stating), total


async def replace_areas(session: AsyncSession, lab_id: UUID, areas: Sequence[LabArea]) -> None:
    """Write the areas of a laboratory anew."""
    statement = delete(LabArea).where(col(LabArea.lab_id) == lab_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(areas)
    await session.flush()


async def replace_footprints(session: AsyncSession, lab_id: UUID, footprints: Sequence[LabFootprint]) -> None:
    """Write the carbon footprints of a laboratory anew."""
    statement = delete(LabFootprint).where(col(LabFootprint.lab_id) == lab_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(footprints)
    await session.flush()


async def replace_fields(session: AsyncSession, lab_id: UUID, fields: Iterable[str]) -> None:
    """Write the fields of a laboratory anew."""
    statement = delete(LabField).where(col(LabField.lab_id) == lab_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(LabField(lab_id=lab_id, field=field) for field in dict.fromkeys(fields))
    await session.flush()


async def delete_lab(session: AsyncSession, lab_id: UUID) -> None:
    """Remove a laboratory with its parts."""
    for rows in (LabArea, LabFootprint, LabField):
        await session.execute(delete(rows).where(col(rows.lab_id) == lab_id))
    await session.execute(delete(Lab).where(col(Lab.id) == lab_id))


def _conditions(asked: LabListParameters, today: date) -> list[ColumnElement[bool]]:
    day = asked.as_of or today
    lists: list[tuple[Any, Sequence[Any]]] = [
        (Lab.kind, asked.kind),
        (Lab.owner_id, asked.owner),
        (Lab.source, asked.source),
        (Lab.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    if asked.demonstration is not None:
        found.append(col(Lab.demonstration).is_(asked.demonstration))
    if asked.partners_only is not None:
        found.append(col(Lab.partners_only).is_(asked.partners_only))
    if asked.field:
        found.append(_exists(LabField, col(LabField.field).in_(asked.field)))
    if asked.footprint_from or asked.footprint_to:
        found.append(_exists(LabFootprint, _in_years(asked)))
    shared = and_(col(Lab.shared_from).is_not(None), covers(col(Lab.shared_from), col(Lab.shared_until), day))
    switches = ((asked.shared, shared), (asked.owner_partner, _partner(day)), (asked.with_area, _area(day)))
    # A laboratory that never was shared has no dates: the comparison is neither true nor false, "not shared" must be.
    found += [clause if wanted else ~func.coalesce(clause, False) for wanted, clause in switches if wanted is not None]
    return found


def _partner(day: date) -> ColumnElement[bool]:
    validity = EntityValidity
    period = covers(col(validity.valid_from), col(validity.valid_until), day)
    owner = col(validity.entity_id) == Lab.owner_id
    return exists(select(1).where(owner, col(validity.aspect) == "partnership", period))


def _area(day: date) -> ColumnElement[bool]:
    period = covers(col(LabArea.valid_from), col(LabArea.valid_until), day)
    return _exists(LabArea, period)


def _in_years(asked: LabListParameters) -> ColumnElement[bool]:
    return col(LabFootprint.year).between(*whole_years(asked.footprint_from, asked.footprint_to))


def _exists(rows: Any, clause: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).where(col(rows.lab_id) == Lab.id, clause).correlate(Lab))
