"""Plans follow the registry's feed."""

from typing import Any

from klaster_indicators.database import METADATA
from klaster_indicators.merging.operations import apply_merges
from klaster_shared.database import Database
from klaster_shared.following import Feed, follow


async def follow_merges(database: Database, feed: Feed | None) -> dict[str, Any]:
    """Read the feed to its end. A registry that is away is no failure: the next look goes on from the cursor."""
    if feed is None:
        return {"changes": 0, "touched": 0, "away": "this service has no key to ask registry with"}
    return await follow(database, METADATA, feed, name="registry", apply=apply_merges)
