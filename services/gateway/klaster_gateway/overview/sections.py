"""What each section of the overview asks, and what it makes of the answers."""

import asyncio
from collections.abc import Mapping
from typing import Any

from klaster_gateway.composing.reader import Reader, link_to
from klaster_gateway.overview.schemas import (
    ChangedEntity,
    ChangesSummary,
    EntitiesSummary,
    EventsSummary,
    GroupCount,
    NextEvent,
    ScorecardSummary,
)

SHOWN = 5
_COUNTED = {"collection": "entities", "registration": "registered", "count": "true", "facets": "true", "limit": 1}


async def scorecard_summary(reader: Reader) -> ScorecardSummary:
    """How many measures are in each status."""
    found = await reader.get("indicators", "/v1/scorecard", scope="scorecard:read")
    return ScorecardSummary.model_validate(
        {name: found[name] for name in ("as_of", "edition", "counts", "coverage")}, strict=False
    )


async def entities_summary(reader: Reader) -> EntitiesSummary:
    """Registered entities by interest group: the search counts them all at once, and the taxonomy names them."""
    groups, found = await asyncio.gather(
        reader.get("registry", "/v1/interest-groups", scope="taxonomies:read", limit=100, retired="false"),
        reader.get("registry", "/v1/registry/search", scope="search:read", **_COUNTED),
    )
    counts = {one["value"]: one["count"] for one in found["facets"]["interest_group"]}
    by_group = [
        GroupCount(
            code=group["code"],
            name=group["name"],
            entities=counts.get(group["code"], 0),
            link=link_to("/v1/entities", registration="registered", interest_group=group["code"]),
        )
        for group in groups["items"]
    ]
    return EntitiesSummary(registered=found["total"], by_interest_group=by_group)


async def events_summary(reader: Reader) -> EventsSummary:
    """The published events that begin next."""
    coming = {"from": reader.today.isoformat(), "state": "published", "sort": "starts_at", "limit": SHOWN}
    page = await reader.get("events", "/v1/events", scope="events:read", **coming)
    return EventsSummary(next=[_next_event(item) for item in page["items"]])


def _next_event(item: Mapping[str, Any]) -> NextEvent:
    return NextEvent.model_validate({**item, "link": f"/v1/events/{item['id']}"})


async def changes_summary(reader: Reader) -> ChangesSummary:
    """The entities that changed last."""
    page = await reader.get("registry", "/v1/entities", scope="entities:read", sort="-updated_at", limit=SHOWN)
    return ChangesSummary(
        entities=[
            ChangedEntity.model_validate({**item, "link": f"/v1/entities/{item['id']}"}) for item in page["items"]
        ]
    )
