"""Queries on editions and their tables; an edition comes with its event."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, by
from klaster_events.editions.models import Edition, EditionTable
from klaster_events.editions.schemas import EditionListParameters
from klaster_events.editions.table_schemas import TableListParameters
from klaster_events.events.filters import visible_to
from klaster_events.events.models import Event
from klaster_events.events.viewers import Viewer
from klaster_shared.pagination import after

ORDER = (
    replace(by("created_at", col(Edition.created_at)), descending=True),
    replace(by("id", col(Edition.id)), descending=True),
)
TABLE_ORDER = (by("code", col(EditionTable.code)),)  # unique within an edition


async def find_edition(session: AsyncSession, edition_id: UUID, *, held: bool = False) -> tuple[Edition, Event] | None:
    """One edition with its event; `held` keeps other writers away from it until this transaction ends."""
    if held:
        await session.get(Edition, edition_id, with_for_update=True, populate_existing=True)
    statement = select(Edition, Event).join(Event, col(Event.id) == col(Edition.event_id))
    found = (await session.execute(statement.where(col(Edition.id) == edition_id))).one_or_none()
    return None if found is None else (found[0], found[1])


async def edition_of(session: AsyncSession, event_id: UUID) -> Edition | None:
    """The edition of an event."""
    found: Edition | None = await session.scalar(select(Edition).where(col(Edition.event_id) == event_id))
    return found


async def editions_page(
    session: AsyncSession, parameters: EditionListParameters, viewer: Viewer
) -> Sequence[tuple[Edition, Event]]:
    """One page, the newest first, and one row more where there is more."""
    statement: Any = select(Edition, Event).join(Event, col(Event.id) == col(Edition.event_id))
    statement = statement.where(*_wanted(parameters, viewer))
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return [(edition, event) for edition, event in (await session.execute(statement)).all()]


async def count_editions(session: AsyncSession, parameters: EditionListParameters, viewer: Viewer) -> int:
    """How many the filters leave."""
    statement = select(func.count()).select_from(Edition).join(Event, col(Event.id) == col(Edition.event_id))
    return int(await session.scalar(statement.where(*_wanted(parameters, viewer))) or 0)


def _wanted(asked: EditionListParameters, viewer: Viewer) -> list[ColumnElement[bool]]:
    found = list(visible_to(viewer))
    if not viewer.office:
        found.append(col(Edition.state) != "draft")
    if asked.state:
        found.append(col(Edition.state).in_(asked.state))
    if asked.event:
        found.append(col(Edition.event_id).in_(asked.event))
    if asked.demonstration is not None:
        found.append(col(Event.demonstration).is_(asked.demonstration))
    return found


async def delete_edition(session: AsyncSession, edition_id: UUID) -> None:
    """Remove an edition; its tables and participants go with it."""
    await session.execute(delete(Edition).where(col(Edition.id) == edition_id).execution_options(**AS_WRITTEN))


async def find_table(
    session: AsyncSession, edition_id: UUID, table_id: UUID, *, held: bool = False
) -> EditionTable | None:
    """One table of an edition; `held` keeps other writers away from it until this transaction ends."""
    found = await session.get(EditionTable, table_id, with_for_update=held or None, populate_existing=held)
    return found if found is not None and found.edition_id == edition_id else None


async def codes_taken(session: AsyncSession, edition_id: UUID, codes: Collection[str]) -> set[str]:
    """Which of these codes an edition's tables have."""
    statement = select(col(EditionTable.code)).where(col(EditionTable.edition_id) == edition_id)
    return set((await session.scalars(statement.where(col(EditionTable.code).in_(codes)))).all())


async def tables_page(
    session: AsyncSession, edition_id: UUID, parameters: TableListParameters
) -> Sequence[EditionTable]:
    """One page by code, and one row more where there is more."""
    statement: Any = select(EditionTable).where(*_tables(edition_id, parameters))
    statement = after(statement, TABLE_ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_tables(session: AsyncSession, edition_id: UUID, parameters: TableListParameters) -> int:
    """How many the filters leave."""
    statement = select(func.count()).select_from(EditionTable).where(*_tables(edition_id, parameters))
    return int(await session.scalar(statement) or 0)


def _tables(edition_id: UUID, asked: TableListParameters) -> list[ColumnElement[bool]]:
    found = [col(EditionTable.edition_id) == edition_id]
    if asked.withdrawn is not None:
        standing = col(EditionTable.withdrawn_at).is_(None)
        found.append(~standing if asked.withdrawn else standing)
    if asked.online is not None:
        found.append(col(EditionTable.online).is_(asked.online))
    return found


async def all_tables(session: AsyncSession, edition_id: UUID) -> Sequence[EditionTable]:
    """Every table of an edition by code, withdrawn ones too."""
    statement = select(EditionTable).where(col(EditionTable.edition_id) == edition_id)
    return list((await session.scalars(statement.order_by(col(EditionTable.code)))).all())
