"""What each section of the overview asks, and what it makes of the answers."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from klaster_gateway.composing.reader import Reader
from klaster_gateway.overview.schemas import (
    ChangesSummary,
    EntitiesSummary,
    EntityChange,
    EventsSummary,
    GroupCount,
    NextEvent,
    ScorecardSummary,
)

SHOWN = 5
_REGISTERED = ("registration", "registered")


async def scorecard_summary(reader: Reader) -> ScorecardSummary:
    """How many measures are in each status."""
    found = await reader.get("indicators", "/v1/scorecard", scope="scorecard:read")
    return ScorecardSummary.model_validate(
        {name: found[name] for name in ("as_of", "edition", "counts", "coverage")}, strict=False
    )


async def entities_summary(reader: Reader) -> EntitiesSummary:
    """Registered entities by interest group: one count per group, asked side by side."""
    groups = await reader.get("registry", "/v1/interest-groups", scope="taxonomies:read", limit=100, retired="false")
    total, *counts = await asyncio.gather(
        _registered(reader), *(_registered(reader, interest_group=group["code"]) for group in groups["items"])
    )
    return EntitiesSummary(registered=total, by_interest_group=_group_counts(groups["items"], counts))


async def _registered(reader: Reader, **filters: str) -> int:
    asked = {**dict([_REGISTERED]), **filters, "count": "true", "limit": 1}
    page = await reader.get("registry", "/v1/entities", scope="entities:read", **asked)
    return int(page["total"])


def _group_counts(groups: Sequence[Mapping[str, Any]], counts: Sequence[int]) -> list[GroupCount]:
    return [
        GroupCount(
            code=group["code"],
            name=group["name"],
            entities=count,
            link=f"/v1/entities?{urlencode([_REGISTERED, ('interest_group', group['code'])])}",
        )
        for group, count in zip(groups, counts, strict=True)
    ]


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
        entities=[EntityChange.model_validate({**item, "link": f"/v1/entities/{item['id']}"}) for item in page["items"]]
    )
