"""Queries of imports."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.models import Entity, EntityIdentifier, EntityName
from klaster_registry.filters import among
from klaster_registry.imports.models import Import, ImportPiece, ImportRow
from klaster_shared.pagination import after

Claim = tuple[str, str]
ORDER = (by("created_at", col(Import.created_at)), by("id", col(Import.id)))
ROW_ORDER = (by("number", col(ImportRow.number)),)
_KEPT_AS_THEY_ARE: dict[str, Any] = {"synchronize_session": False}


async def find(session: AsyncSession, import_id: UUID, *, held: bool = False) -> Import | None:
    """One import; `held` keeps other writers out until this transaction ends."""
    statement = select(Import).where(col(Import.id) == import_id)
    if held:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(statement)).one_or_none()


async def page(session: AsyncSession, *, cursor: str | None, limit: int) -> Sequence[Import]:
    """Imports, the oldest first; one more where there is more."""
    return list((await session.scalars(after(select(Import), ORDER, cursor).limit(limit + 1))).all())


async def set_values(session: AsyncSession, import_id: UUID, **values: Any) -> None:
    """Write columns of an import."""
    own = update(Import).where(col(Import.id) == import_id).values(**values)
    await session.execute(own.execution_options(**_KEPT_AS_THEY_ARE))


async def forget_pieces(session: AsyncSession, import_id: UUID) -> None:
    """Let a file go."""
    await session.execute(delete(ImportPiece).where(col(ImportPiece.import_id) == import_id))


async def forget_rows(session: AsyncSession, import_id: UUID) -> None:
    """Let the verdicts go."""
    await session.execute(delete(ImportRow).where(col(ImportRow.import_id) == import_id))


async def forget_import(session: AsyncSession, import_id: UUID) -> None:
    """Let an import go, with its file and its verdicts."""
    await session.execute(delete(Import).where(col(Import.id) == import_id))


async def forget_old_files(session: AsyncSession, *, before: datetime) -> int:
    """Let the files of imports go that nobody has touched since; their verdicts stay."""
    old = select(col(Import.id)).where(col(Import.updated_at) < before, col(Import.pieces) > 0)
    ids = list((await session.scalars(old)).all())
    if ids:
        await session.execute(delete(ImportPiece).where(col(ImportPiece.import_id).in_(ids)))
        own = update(Import).where(col(Import.id).in_(ids)).values(pieces=0)
        await session.execute(own.execution_options(**_KEPT_AS_THEY_ARE))
    return len(ids)


async def add_piece(session: AsyncSession, import_id: UUID, position: int, content: bytes) -> None:
    """Keep a piece of a file."""
    await session.execute(insert(ImportPiece).values(import_id=import_id, position=position, content=content))


async def piece(session: AsyncSession, import_id: UUID, position: int) -> bytes:
    """A piece of a file; nothing where there is none."""
    statement = select(col(ImportPiece.content)).where(
        col(ImportPiece.import_id) == import_id, col(ImportPiece.position) == position
    )
    found: bytes | None = (await session.execute(statement)).scalar_one_or_none()
    return found or b""


async def add_rows(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep verdicts."""
    if rows:
        await session.execute(insert(ImportRow), list(rows))


async def counts(session: AsyncSession, import_id: UUID) -> dict[str, int]:
    """How many rows there are of each verdict."""
    statement = (
        select(col(ImportRow.verdict), func.count())
        .where(col(ImportRow.import_id) == import_id)
        .group_by(col(ImportRow.verdict))
    )
    return {str(row[0]): int(row[1]) for row in await session.execute(statement)}


async def rows_page(
    session: AsyncSession, import_id: UUID, *, verdicts: Sequence[str], cursor: str | None, limit: int
) -> Sequence[ImportRow]:
    """Verdicts in the order of the file; one more where there is more."""
    statement = select(ImportRow).where(col(ImportRow.import_id) == import_id)
    if verdicts:
        statement = statement.where(col(ImportRow.verdict).in_(verdicts))
    return list((await session.scalars(after(statement, ROW_ORDER, cursor).limit(limit + 1))).all())


async def rows_behind(session: AsyncSession, import_id: UUID, number: int, *, limit: int) -> Sequence[ImportRow]:
    """The verdicts behind a row."""
    statement = (
        select(ImportRow)
        .where(col(ImportRow.import_id) == import_id, col(ImportRow.number) > number)
        .order_by(col(ImportRow.number))
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())


async def numbers_of(session: AsyncSession, import_id: UUID, keys: Collection[str]) -> dict[str, int]:
    """For each of these keys that an earlier row of the import had: the row."""
    statement = (
        select(col(ImportRow.key), func.min(ImportRow.number))
        .where(col(ImportRow.import_id) == import_id, among(session, col(ImportRow.key), keys))
        .group_by(col(ImportRow.key))
    )
    return {str(key): number for key, number in (await session.execute(statement)).all()}


async def entities_named(
    session: AsyncSession, *, ids: Collection[UUID], numbers: Collection[int], source: str, keys: Collection[str]
) -> Sequence[tuple[UUID, int | None, str, str, str, UUID | None]]:
    """Entities by id, by number of the register, or by key of a source: id, number, source, key, document, survivor."""
    wanted = or_(
        col(Entity.id).in_(ids),
        col(Entity.rbw_number).in_(numbers),
        and_(col(Entity.source) == source, among(session, col(Entity.source_key), keys)),
    )
    statement = select(
        col(Entity.id),
        col(Entity.rbw_number),
        col(Entity.source),
        col(Entity.source_key),
        col(Entity.document),
        col(Entity.merged_into),
    ).where(wanted)
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in (await session.execute(statement)).all()]


async def claimants(session: AsyncSession, claims: Collection[Claim], *, besides: str) -> dict[Claim, list[UUID]]:
    """For each identifier that entities of other sources claim: who they are."""
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in claims:
        by_scheme.setdefault(scheme, []).append(value)
    rows = EntityIdentifier
    wanted = [
        and_(col(rows.scheme) == scheme, among(session, col(rows.value), values))
        for scheme, values in by_scheme.items()
    ]
    if not wanted:
        return {}
    statement = (
        select(col(rows.scheme), col(rows.value), col(rows.entity_id))
        .join(Entity, col(Entity.id) == col(rows.entity_id))
        .where(or_(*wanted), col(rows.verdict) != "invalid", col(Entity.source) != besides)
        .order_by(col(rows.entity_id))
    )
    found: dict[Claim, list[UUID]] = {}
    for scheme, value, entity_id in (await session.execute(statement)).all():
        found.setdefault((scheme, value), []).append(entity_id)
    return found


async def namesakes(
    session: AsyncSession, names: Collection[str], *, besides: str
) -> dict[tuple[str, str], list[UUID]]:
    """For each folded name: who of other sources has it, by town."""
    statement = (
        select(col(EntityName.folded), col(Entity.city_folded), col(Entity.id))
        .join(Entity, col(Entity.id) == col(EntityName.entity_id))
        .where(
            among(session, col(EntityName.folded), names),
            col(Entity.city_folded).is_not(None),
            col(Entity.source) != besides,
            col(Entity.merged_into).is_(None),
        )
        .order_by(col(Entity.id))
    )
    found: dict[tuple[str, str], list[UUID]] = {}
    for name, town, entity_id in (await session.execute(statement)).all():
        found.setdefault((name, str(town)), []).append(entity_id)
    return found
