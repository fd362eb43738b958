"""What a merge in the registry means here: items of plans follow the organisation they name; reviews say what was."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.plans.items import point_to_survivor
from klaster_shared.following import FeedChange


async def apply_merges(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> int:
    """Follow the merges of a page of the registry's feed; how many items moved."""
    moved = 0
    for change in changes:
        if (change.kind, change.collection) == ("merged", "entities") and change.merged_into is not None:
            moved += await point_to_survivor(session, merged=UUID(change.id), survivor=change.merged_into, now=now)
    return moved
