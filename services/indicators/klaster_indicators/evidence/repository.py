"""Queries on evidence."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func as sql
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import column_of, columns_of
from klaster_indicators.evidence.models import EvidenceFile
from klaster_indicators.indicators.models import Indicator
from klaster_shared.pagination import Order, after

ORDER = (Order("id", column_of(EvidenceFile, "id"), descending=True),)
_HEAD = [column for column in columns_of(EvidenceFile) if column.name != "content"]


async def hold_indicator(session: AsyncSession, indicator_id: UUID) -> None:
    """Keep others from adding evidence to an indicator until this transaction ends."""
    await session.execute(select(col(Indicator.id)).where(col(Indicator.id) == indicator_id).with_for_update())


async def page(
    session: AsyncSession, indicator_id: UUID, *, hidden: bool, cursor: str | None, limit: int
) -> Sequence[Any]:
    """One page of files without their content, the newest first, and one row more where there is more."""
    statement = select(*_HEAD).where(*_of(indicator_id, hidden=hidden))
    return list((await session.execute(after(statement, ORDER, cursor).limit(limit + 1))).all())


async def count(session: AsyncSession, indicator_id: UUID, *, hidden: bool) -> int:
    """How many files an indicator has."""
    statement = select(sql.count()).select_from(EvidenceFile).where(*_of(indicator_id, hidden=hidden))
    return int((await session.execute(statement)).scalar_one())


def _of(indicator_id: UUID, *, hidden: bool) -> list[Any]:
    own = [col(EvidenceFile.indicator_id) == indicator_id]
    return own if hidden else [*own, col(EvidenceFile.public)]


async def find(session: AsyncSession, indicator_id: UUID, file_id: UUID, *, held: bool = False) -> EvidenceFile | None:
    """One file of an indicator, with its content; `held` keeps other writers out until this transaction ends."""
    own = (col(EvidenceFile.indicator_id) == indicator_id, col(EvidenceFile.id) == file_id)
    statement = select(EvidenceFile).where(*own)
    return await session.scalar(statement.with_for_update() if held else statement)


async def find_same(session: AsyncSession, indicator_id: UUID, sha256: str) -> EvidenceFile | None:
    """The file of an indicator that has this content, or had it."""
    own = (col(EvidenceFile.indicator_id) == indicator_id, col(EvidenceFile.sha256) == sha256)
    return await session.scalar(select(EvidenceFile).where(*own).with_for_update())


async def standing(session: AsyncSession, ids: Collection[UUID]) -> set[tuple[str, UUID]]:
    """Those of these files that are there, each with the code of its indicator."""
    found = (
        select(col(Indicator.code), col(EvidenceFile.id))
        .join(Indicator, col(Indicator.id) == col(EvidenceFile.indicator_id))
        .where(col(EvidenceFile.id).in_(ids), col(EvidenceFile.withdrawn_at).is_(None))
    )
    return {(code, file_id) for code, file_id in (await session.execute(found)).all()}


async def add(session: AsyncSession, file: EvidenceFile) -> None:
    """Add a file."""
    session.add(file)
    await session.flush()
