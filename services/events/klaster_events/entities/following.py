"""The local copy follows the registry's feed."""

from typing import Any

from klaster_events.database import METADATA
from klaster_events.entities.operations import apply_changes
from klaster_shared.database import Database
from klaster_shared.following import Feed, follow
from klaster_shared.jobs import Job


async def follow_registry(database: Database, feed: Feed, *, job: Job | None = None) -> dict[str, Any]:
    """Read the feed to its end. A registry that is away is no failure: the next look goes on from the cursor."""
    return await follow(database, METADATA, feed, name="registry", apply=apply_changes, job=job)
