"""Queries on laboratory services."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.models import EntityValidity
from klaster_registry.lab_services.models import LabService, LabServiceField
from klaster_registry.lab_services.schemas import LabServiceListParameters
from klaster_registry.labs.models import Lab
from klaster_registry.periods import covers
from klaster_shared.pagination import after

ORDER = (by("name", col(LabService.sort_name)), by("id", col(LabService.id)))


async def find_service(session: AsyncSession, service_id: UUID, *, held: bool = False) -> LabService | None:
    """One service; `held` keeps other writers out until this transaction ends."""
    statement = select(LabService).where(col(LabService.id) == service_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The service that came from a source under a key."""
    rows = LabService
    statement = select(col(rows.id)).where(col(rows.source) == source, col(rows.source_key) == source_key)
    return await session.scalar(statement)


async def services_page(session: AsyncSession, asked: LabServiceListParameters, *, today: date) -> Sequence[LabService]:
    """One page, and one row more where there is more."""
    statement: Any = select(LabService).where(*_conditions(asked, today))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def count_services(session: AsyncSession, asked: LabServiceListParameters, *, today: date) -> tuple[int, int]:
    """How many there are, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(LabService.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(LabService).where(*_conditions(asked, today))
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def fields_of(session: AsyncSession, services: Collection[UUID]) -> dict[UUID, list[str]]:
    """The fields of these services."""
    rows = LabServiceField
    found: dict[UUID, list[str]] = {}
    statement = select(rows).where(col(rows.service_id).in_(services)).order_by(col(rows.field))
    for row in await session.scalars(statement):
        found.setdefault(row.service_id, []).append(row.field)
    return found


async def replace_fields(session: AsyncSession, service_id: UUID, fields: Iterable[str]) -> None:
    """Write the fields of a service anew."""
    statement = delete(LabServiceField).where(col(LabServiceField.service_id) == service_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(LabServiceField(service_id=service_id, field=field) for field in dict.fromkeys(fields))
    await session.flush()


async def delete_service(session: AsyncSession, service_id: UUID) -> None:
    """Remove a service with its fields."""
    await session.execute(delete(LabServiceField).where(col(LabServiceField.service_id) == service_id))
    await session.execute(delete(LabService).where(col(LabService.id) == service_id))


def _conditions(asked: LabServiceListParameters, today: date) -> list[ColumnElement[bool]]:
    rows, day = LabService, asked.as_of or today
    lists: list[tuple[Any, Sequence[Any]]] = [
        (rows.lab_id, asked.lab),
        (rows.source, asked.source),
        (rows.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    flags = ((rows.demonstration, asked.demonstration), (rows.partners_only, asked.partners_only))
    found += [col(column).is_(wanted) for column, wanted in flags if wanted is not None]
    if asked.field:
        of_field = select(1).where(
            col(LabServiceField.service_id) == rows.id, col(LabServiceField.field).in_(asked.field)
        )
        found.append(exists(of_field))
    if asked.owner:
        found.append(_in_lab(col(Lab.owner_id).in_(asked.owner)))
    if asked.owner_partner is not None:
        partner = _in_lab(_partner(day))
        found.append(partner if asked.owner_partner else ~partner)
    if asked.shared is not None:
        shared = and_(col(rows.shared_from).is_not(None), covers(col(rows.shared_from), col(rows.shared_until), day))
        # What never was offered has no dates: the comparison is neither true nor false, "not offered" must be.
        found.append(shared if asked.shared else ~func.coalesce(shared, False))
    return found


def _in_lab(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).where(col(Lab.id) == LabService.lab_id, clause).correlate(LabService))


def _partner(day: date) -> ColumnElement[bool]:
    validity = EntityValidity
    period = covers(col(validity.valid_from), col(validity.valid_until), day)
    owner = col(validity.entity_id) == Lab.owner_id
    return exists(select(1).where(owner, col(validity.aspect) == "partnership", period).correlate(Lab))
