"""Queries on data repositories."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.data_repositories.models import DataRepository, DataRepositoryField
from klaster_registry.data_repositories.schemas import DataRepositoryListParameters
from klaster_registry.database import by
from klaster_registry.periods import covers
from klaster_shared.pagination import after

ORDER = (by("name", col(DataRepository.sort_name)), by("id", col(DataRepository.id)))


async def find(session: AsyncSession, repository_id: UUID, *, held: bool = False) -> DataRepository | None:
    """One data repository; `held` keeps other writers out until this transaction ends."""
    statement = select(DataRepository).where(col(DataRepository.id) == repository_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The data repository that came from a source under a key."""
    statement = select(col(DataRepository.id)).where(
        col(DataRepository.source) == source, col(DataRepository.source_key) == source_key
    )
    return await session.scalar(statement)


async def page(session: AsyncSession, asked: DataRepositoryListParameters, *, today: date) -> Sequence[DataRepository]:
    """One page, and one row more where there is more."""
    statement: Any = select(DataRepository).where(*_conditions(asked, today))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def count(session: AsyncSession, asked: DataRepositoryListParameters, *, today: date) -> tuple[int, int]:
    """How many there are, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(DataRepository.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(DataRepository).where(*_conditions(asked, today))
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def of_operator(session: AsyncSession, entity_id: UUID) -> list[DataRepository]:
    """The data repositories that an entity keeps."""
    return list(
        (await session.scalars(select(DataRepository).where(col(DataRepository.operator_id) == entity_id))).all()
    )


async def fields_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """The fields of these repositories."""
    rows = DataRepositoryField
    statement = (
        select(col(rows.repository_id), col(rows.field))
        .where(col(rows.repository_id).in_(ids))
        .order_by(col(rows.field))
    )
    found: dict[UUID, list[str]] = {}
    for repository_id, field in (await session.execute(statement)).all():
        found.setdefault(repository_id, []).append(field)
    return found


async def replace_fields(session: AsyncSession, repository_id: UUID, fields: Iterable[str]) -> None:
    """Write the fields of a repository anew."""
    rows = DataRepositoryField
    await session.execute(delete(rows).where(col(rows.repository_id) == repository_id))
    session.add_all(rows(repository_id=repository_id, field=field) for field in dict.fromkeys(fields))
    await session.flush()


async def remove(session: AsyncSession, repository_id: UUID) -> None:
    """Remove a data repository with its fields."""
    await session.execute(delete(DataRepositoryField).where(col(DataRepositoryField.repository_id) == repository_id))
    await session.execute(delete(DataRepository).where(col(DataRepository.id) == repository_id))


def _conditions(asked: DataRepositoryListParameters, today: date) -> list[ColumnElement[bool]]:
    lists: list[tuple[Any, Sequence[Any]]] = [
        (DataRepository.operator_id, asked.operator),
        (DataRepository.source, asked.source),
        (DataRepository.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    if asked.demonstration is not None:
        found.append(col(DataRepository.demonstration).is_(asked.demonstration))
    if asked.available is not None:
        day = asked.as_of or today
        available = covers(col(DataRepository.available_from), col(DataRepository.available_until), day)
        found.append(available if asked.available else ~available)
    if asked.field:
        rows = DataRepositoryField
        of_field = select(1).where(col(rows.repository_id) == DataRepository.id, col(rows.field).in_(asked.field))
        found.append(exists(of_field))
    return found
