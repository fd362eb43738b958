"""Following a neighbour's feed: page by page, the cursor moving in the transaction that writes what a page says.

What a change means here is the follower's own; that none is lost, and none carried out by two readers at once, is not.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, MetaData, String, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import PositionGone, Unavailable, UpstreamFailed, UpstreamTimeout
from klaster_shared.jobs import Job

TABLE = "feed_cursors"
log = structlog.get_logger(__name__)


def cursors_table(metadata: MetaData) -> Table:
    """How far each neighbour's feed has been read."""
    return Table(
        TABLE,
        metadata,
        Column("feed", String(40), primary_key=True),
        Column("position", BigInteger, nullable=False),
        Column("moved_at", UTCDateTime, nullable=False),
    )


class FeedChange(BaseModel):
    """One change; what else the feed tells is passed over."""

    position: int
    kind: str
    collection: str
    id: str
    at: datetime | None = None
    changed: list[str] = []
    audience: str = "office"
    record: dict[str, Any] | None = None
    merged_into: UUID | None = None


class FeedPage(BaseModel):
    """Changes in commit order, and where to go on."""

    items: list[FeedChange]
    next: int


class Feed(Protocol):
    """A neighbour's feed."""

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position; raises PositionGone, Unavailable, UpstreamTimeout or UpstreamFailed."""
        ...


Apply = Callable[[AsyncSession, Sequence[FeedChange], datetime], Awaitable[int]]
"""What a page means here, in the transaction that moves the cursor; how many records it touched."""


async def follow(
    database: Database, metadata: MetaData, feed: Feed, *, name: str, apply: Apply, job: Job | None = None
) -> dict[str, Any]:
    """Read a feed to its end: how many changes, how many records here they touched.

    A neighbour that is away is no failure: the next look goes on from the cursor. One that came back from an older
    copy, or keeps no changes that old, tells all of it again: what `apply` does can be done twice.
    """
    table = metadata.tables[TABLE]
    changes = touched = 0
    while True:
        after = await _position(database, table, name)
        try:
            page = await feed.changes(after=after)
        except PositionGone:
            log.warning("feed_begins_anew", feed=name, position=after)
            page = FeedPage(items=[], next=0)
        except (Unavailable, UpstreamTimeout, UpstreamFailed) as error:
            log.warning("feed_away", feed=name, position=after, problem=error.code)
            return {"changes": changes, "touched": touched, "away": error.detail}
        if page.next == after:
            return {"changes": changes, "touched": touched}
        moved = await _write(database, table, name, after=after, page=page, apply=apply)
        if moved is None:  # another reader was quicker
            return {"changes": changes, "touched": touched}
        changes, touched = changes + len(page.items), touched + moved
        if job is not None:
            await job.progress(changes)


async def _position(database: Database, table: Table, name: str) -> int:
    async with database.read() as session:
        found = await session.scalar(select(table.c.position).where(table.c.feed == name))
    return int(found or 0)


async def _write(
    database: Database, table: Table, name: str, *, after: int, page: FeedPage, apply: Apply
) -> int | None:
    now = utc_now()
    values = {"position": page.next, "moved_at": now}
    async with database.write() as session:
        # Held until the end of the transaction: whoever else reads the feed waits, and then finds it moved.
        held = await session.scalar(select(table.c.position).where(table.c.feed == name).with_for_update())
        if (held or 0) != after:
            return None
        if held is None:
            await session.execute(insert(table).values(feed=name, **values))
        else:
            await session.execute(update(table).where(table.c.feed == name).values(**values))
        return await apply(session, page.items, now)
