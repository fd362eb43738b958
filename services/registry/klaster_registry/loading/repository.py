"""Queries of loading."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.entities.models import Entity
from klaster_registry.filters import among
from klaster_registry.loading.models import LoadedRecord
from klaster_shared.database import is_postgresql


class Known(NamedTuple):
    """An entity that stands under a key of a source; without a digest it was not loaded but written here."""

    entity_id: UUID
    digest: str | None
    is_merged: bool


async def known_records(session: AsyncSession, source: str, keys: Collection[str]) -> dict[str, Known]:
    """What stands under these keys already."""
    loaded = and_(col(LoadedRecord.source) == Entity.source, col(LoadedRecord.source_key) == Entity.source_key)
    statement = (
        select(col(Entity.source_key), col(Entity.id), col(LoadedRecord.digest), col(Entity.merged_into).is_not(None))
        .outerjoin(LoadedRecord, loaded)
        .where(col(Entity.source) == source, among(session, col(Entity.source_key), keys))
    )
    return {
        key: Known(entity_id, digest, bool(is_merged))
        for key, entity_id, digest, is_merged in (await session.execute(statement)).all()
    }


async def note_loaded(
    session: AsyncSession, source: str, records: Sequence[tuple[str, UUID, str]], *, now: datetime
) -> None:
    """Note key, entity and digest of what was loaded."""
    dialect: Any = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(LoadedRecord)
    changed = {name: statement.excluded[name] for name in ("entity_id", "digest", "loaded_at")}
    rows = [
        {"source": source, "source_key": key, "entity_id": entity_id, "digest": digest, "loaded_at": now}
        for key, entity_id, digest in records
    ]
    await session.execute(statement.on_conflict_do_update(index_elements=("source", "source_key"), set_=changed), rows)
