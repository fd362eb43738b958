"""Queries on editions and their framework."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import Base, column_of, columns_of
from klaster_indicators.framework.models import Edition, EditionRevision, Effect, Level, Path, Programme, Task
from klaster_shared.pagination import Order, after

EDITION_ORDER = (Order("code", column_of(Edition, "code")),)
# The document is the bulk of an edition, and only one answer needs it.
_EDITION = [column for column in columns_of(Edition) if column.name != "document"]


async def edition(session: AsyncSession, code: str, *, held: bool = False) -> Edition | None:
    """One edition, with its document; `held` until the end of the transaction where it is about to change."""
    statement = select(Edition).where(col(Edition.code) == code)
    if held:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(statement)).scalar_one_or_none()


async def edition_head(session: AsyncSession, code: str) -> Any | None:
    """One edition, without its document."""
    return (await session.execute(select(*_EDITION).where(col(Edition.code) == code))).one_or_none()


async def edition_in_force(session: AsyncSession, *, on: date | None = None) -> Any | None:
    """The edition that was adopted last, up to a day where one is named, without its document; None where none was."""
    adopted = select(*_EDITION).where(col(Edition.adopted).is_not(None))
    if on is not None:
        adopted = adopted.where(col(Edition.adopted) <= on)
    newest = adopted.order_by(col(Edition.adopted).desc(), col(Edition.id).desc()).limit(1)
    return (await session.execute(newest)).one_or_none()


async def revisions_at(session: AsyncSession, at: datetime) -> Sequence[Any]:
    """Of every edition the revision that held at an instant, without its document; `gone` where it was deleted."""
    newest = (
        select(col(EditionRevision.edition_id), sql.max(col(EditionRevision.version)).label("version"))
        .where(col(EditionRevision.recorded_at) <= at)
        .group_by(col(EditionRevision.edition_id))
        .subquery()
    )
    own = (newest.c.edition_id == EditionRevision.edition_id) & (newest.c.version == EditionRevision.version)
    columns: list[Any] = [column for column in columns_of(EditionRevision) if column.name != "document"]
    gone = col(EditionRevision.document).is_(None).label("gone")
    return list((await session.execute(select(*columns, gone).join(newest, own))).all())


async def revision(session: AsyncSession, edition_id: UUID, version: int) -> Any:
    """One revision, with its document."""
    wanted = (col(EditionRevision.edition_id) == edition_id, col(EditionRevision.version) == version)
    return (await session.execute(select(*columns_of(EditionRevision)).where(*wanted))).one()


async def last_edition_id(session: AsyncSession, code: str) -> UUID | None:
    """The edition that carries a code, or was the last one that did."""
    statement = select(col(EditionRevision.edition_id)).where(col(EditionRevision.code) == code)
    newest = statement.order_by(col(EditionRevision.recorded_at).desc(), col(EditionRevision.edition_id).desc())
    return (await session.execute(newest.limit(1))).scalar_one_or_none()


async def editions_page(session: AsyncSession, *, cursor: str | None, limit: int) -> Sequence[Any]:
    """One page of editions without their documents, and one row more where there is more."""
    statement: Select[Any] = after(select(*_EDITION), EDITION_ORDER, cursor)
    return list((await session.execute(statement.limit(limit + 1))).all())


async def count_editions(session: AsyncSession) -> int:
    """How many editions there are."""
    return int((await session.execute(select(sql.count()).select_from(Edition))).scalar_one())


async def adoptions(session: AsyncSession) -> Sequence[Any]:
    """Id, code and day of every adopted edition, in the order in which they came into force."""
    columns = (col(Edition.id), col(Edition.code), col(Edition.adopted))
    adopted = select(*columns).where(col(Edition.adopted).is_not(None))
    return list((await session.execute(adopted.order_by(col(Edition.adopted), col(Edition.id)))).all())


async def delete_edition(session: AsyncSession, edition_id: UUID) -> None:
    """Remove a draft with everything that it says; its revisions stay."""
    await session.execute(delete(Edition).where(col(Edition.id) == edition_id))


async def delete_framework(session: AsyncSession, edition_id: UUID) -> None:
    """Remove what a draft said before it is replaced."""
    for table in (Level, Path, Effect, Programme, Task):
        await session.execute(delete(table).where(col(table.edition_id) == edition_id))


async def add_rows(session: AsyncSession, rows: Iterable[Base]) -> None:
    """Add rows of any table."""
    session.add_all(rows)
    await session.flush()


async def levels(session: AsyncSession, edition_id: UUID) -> Sequence[Any]:
    """The levels of an edition, in its order."""
    return await _parts(session, Level, edition_id, col(Level.position))


async def paths(session: AsyncSession, edition_id: UUID) -> Sequence[Any]:
    """The paths of an edition, by number."""
    return await _parts(session, Path, edition_id, col(Path.number))


async def effects(session: AsyncSession, edition_id: UUID) -> Sequence[Any]:
    """The effects of an edition, in its order."""
    return await _parts(session, Effect, edition_id, col(Effect.position))


async def programmes(session: AsyncSession, edition_id: UUID) -> Sequence[Any]:
    """The programmes of an edition, in its order."""
    return await _parts(session, Programme, edition_id, col(Programme.position))


async def tasks(session: AsyncSession, edition_id: UUID) -> Sequence[Any]:
    """The tasks and services of an edition, in its order."""
    return await _parts(session, Task, edition_id, col(Task.position))


async def _parts(session: AsyncSession, table: Any, edition_id: UUID, order: Any) -> Sequence[Any]:
    statement = select(*columns_of(table)).where(table.edition_id == edition_id).order_by(order)
    return (await session.execute(statement)).all()
