"""The local copies follow the registry's feed: entities, and what of their infrastructure is shared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.database import METADATA
from klaster_events.entities.operations import apply_changes as apply_to_entities
from klaster_events.resources.copying import apply_changes as apply_to_resources
from klaster_shared.database import Database
from klaster_shared.following import Feed, FeedChange, follow
from klaster_shared.jobs import Job


async def follow_registry(database: Database, feed: Feed, *, job: Job | None = None) -> dict[str, Any]:
    """Read the feed to its end. A registry that is away is no failure: the next look goes on from the cursor."""
    return await follow(database, METADATA, feed, name="registry", apply=_apply, job=job)


async def _apply(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> int:
    return await apply_to_entities(session, changes, now) + await apply_to_resources(session, changes, now)
