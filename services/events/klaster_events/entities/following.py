"""Following the registry's feed: page by page, the cursor moving with what was written."""

from datetime import datetime
from typing import Any, Protocol

import structlog

from klaster_events.entities import operations
from klaster_events.entities.schemas import FeedPage
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import PositionGone, Unavailable, UpstreamFailed, UpstreamTimeout
from klaster_shared.jobs import Job

log = structlog.get_logger(__name__)


class Feed(Protocol):
    """The registry's feed."""

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position; raises PositionGone, Unavailable, UpstreamTimeout or UpstreamFailed."""
        ...


async def follow_registry(database: Database, feed: Feed, *, job: Job | None = None) -> dict[str, Any]:
    """Read the feed to its end. A registry that is away is no failure: the next look goes on from the cursor."""
    changes = 0
    while True:
        async with database.read() as session:
            after = await operations.position(session)
        try:
            page = await feed.changes(after=after)
        except PositionGone:
            # The registry came back from an older copy, or keeps no changes that old: all of it is told again.
            log.warning("feed_begins_anew", position=after)
            await _begin_anew(database, after=after, now=utc_now())
            continue
        except (Unavailable, UpstreamTimeout, UpstreamFailed) as error:
            log.warning("registry_away", position=after, problem=error.code)
            return {"changes": changes, "away": error.detail}
        if not page.items and page.next == after:
            return {"changes": changes}
        if not await _write(database, after=after, page=page, now=utc_now()):
            return {"changes": changes}
        changes += len(page.items)
        if job is not None:
            await job.progress(changes)


async def _write(database: Database, *, after: int, page: FeedPage, now: datetime) -> bool:
    async with database.write() as session:
        return await operations.apply_page(session, after=after, page=page, now=now)


async def _begin_anew(database: Database, *, after: int, now: datetime) -> None:
    async with database.write() as session:
        await operations.apply_page(session, after=after, page=FeedPage(items=[], next=0), now=now)
