"""Queries on positions in feeds."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.merging.models import FeedCursor


async def hold_cursor(session: AsyncSession, feed: str) -> FeedCursor | None:
    """How far a feed has been read; whoever else reads it waits until this transaction ends."""
    return await session.get(FeedCursor, feed, with_for_update=True)


async def position(session: AsyncSession, feed: str) -> int:
    """The position to go on from."""
    found = await session.scalar(select(col(FeedCursor.position)).where(col(FeedCursor.feed) == feed))
    return int(found or 0)
