"""Queries of exports: entities as the texts that are kept of them, from one snapshot."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, case, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.entities.models import Entity, EntityIdentifier
from klaster_shared.database import is_postgresql

Write = Callable[[bytes], Awaitable[None]]
UNWRITTEN = "\x03"  # before a document whose line is still to be made; JSON contains no such character
_PORTION = 100  # a hundredth of a second of writing, then others are answered
# COPY quotes what contains one of these, and no text of ours does: lines come out as they are kept.
_AS_KEPT: dict[str, Any] = {"format": "csv", "delimiter": "\x02", "quote": "\x01"}

_THERE = col(Entity.merged_into).is_(None)
_WITHOUT_LINE = col(Entity.csv_version) != Entity.version
LINES = select(case((_WITHOUT_LINE, literal(UNWRITTEN) + col(Entity.document)), else_=col(Entity.csv_line))).where(
    _THERE
)
DOCUMENTS = select(col(Entity.document)).where(_THERE)
RECORDS = select(literal('{"collection":"entities","record":') + col(Entity.document) + literal("}")).where(_THERE)
_ROR = exists().where(
    col(EntityIdentifier.entity_id) == Entity.id,
    col(EntityIdentifier.scheme) == "ror",
    col(EntityIdentifier.verdict) == "valid",
)
# A place of ROR is a place of GeoNames, by number and by name.
_IN_ROR: ColumnElement[bool] = _ROR & col(Entity.geonames_id).is_not(None) & col(Entity.city).is_not(None)
ROR_DOCUMENTS = DOCUMENTS.where(_IN_ROR)


async def position(session: AsyncSession, changes: Table) -> int:
    """The position of the newest change that this transaction sees; 0 where there is none."""
    return int((await session.execute(select(func.coalesce(func.max(changes.c.position), 0)))).scalar_one())


async def count_left_out(session: AsyncSession) -> int:
    """How many entities ROR has no room for."""
    statement = select(func.count()).select_from(Entity).where(_THERE, ~_IN_ROR)
    return int((await session.execute(statement)).scalar_one())


async def texts(session: AsyncSession, statement: Select[Any]) -> AsyncIterator[Sequence[str]]:
    """The one column of a statement, in the order of ids, some hundreds at a time."""
    found = await session.stream_scalars(statement.order_by(col(Entity.id)))
    async for portion in found.partitions(_PORTION):
        yield portion


async def copy_texts(session: AsyncSession, statement: Select[Any], write: Write) -> None:
    """The one column of a statement, a line each, handed to `write` as it comes and never held."""
    if not is_postgresql(session):
        async for portion in texts(session, statement):
            await write(("\n".join(portion) + "\n").encode())
        return
    dialect = session.get_bind().dialect
    text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    driver: Any = (await (await session.connection()).get_raw_connection()).driver_connection
    await driver.copy_from_query(text, output=write, **_AS_KEPT)


async def without_line(session: AsyncSession, *, limit: int) -> Sequence[tuple[UUID, int, str]]:
    """Some entities whose line is still to be made: id, version, document."""
    statement = select(col(Entity.id), col(Entity.version), col(Entity.document)).where(_WITHOUT_LINE).limit(limit)
    return [(row[0], row[1], row[2]) for row in (await session.execute(statement)).all()]


async def keep_line(session: AsyncSession, entity_id: UUID, version: int, line: str) -> None:
    """Keep a line, unless the entity has become another in the meantime."""
    own = update(Entity).where(col(Entity.id) == entity_id, col(Entity.version) == version)
    await session.execute(own.values(csv_line=line, csv_version=version).execution_options(synchronize_session=False))
