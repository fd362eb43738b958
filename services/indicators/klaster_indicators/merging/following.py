"""Following the registry's feed: page by page, the cursor moving with what was written."""

from typing import Any, Protocol

import structlog

from klaster_indicators.merging import operations
from klaster_indicators.merging.schemas import FeedPage
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import Problem

log = structlog.get_logger(__name__)


class Feed(Protocol):
    """The registry's feed."""

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position; raises a Problem where it is away, or says what cannot be read."""
        ...


async def follow_merges(database: Database, feed: Feed | None) -> dict[str, Any]:
    """Read the feed to its end. A registry that is away is no failure: the next look goes on from the cursor."""
    if feed is None:
        return {"items": 0, "away": "this service has no key to ask registry with"}
    items = 0
    while True:
        async with database.read() as session:
            after = await operations.position(session)
        try:
            page = await feed.changes(after=after)
        except Problem as problem:
            log.warning("registry_away", position=after, problem=problem.code)
            return {"items": items, "away": problem.detail}
        if page.next == after:
            return {"items": items}
        async with database.write() as session:
            moved = await operations.apply_page(session, after=after, page=page, now=utc_now())
        if moved is None:
            return {"items": items}
        items += moved
