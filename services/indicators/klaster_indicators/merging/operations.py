"""What a merge in the registry means here: items of plans follow the organisation they name; reviews say what was."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.merging import repository
from klaster_indicators.merging.models import FeedCursor
from klaster_indicators.merging.schemas import FeedPage
from klaster_indicators.plans.items import point_to_survivor

FEED = "registry"


async def position(session: AsyncSession) -> int:
    """How far the registry's feed has been read."""
    return await repository.position(session, FEED)


async def apply_page(session: AsyncSession, *, after: int, page: FeedPage, now: datetime) -> int | None:
    """Follow the merges of a page and move the cursor; how many items moved, None where another reader was quicker."""
    cursor = await repository.hold_cursor(session, FEED)
    if (cursor.position if cursor else 0) != after:
        return None
    moved = 0
    for change in page.items:
        if (change.kind, change.collection) == ("merged", "entities") and change.merged_into is not None:
            moved += await point_to_survivor(session, merged=UUID(change.id), survivor=change.merged_into, now=now)
    if cursor is None:
        session.add(FeedCursor(feed=FEED, position=page.next, moved_at=now))
    else:
        cursor.position, cursor.moved_at = page.next, now
    return moved
