"""Composing the overview: its sections side by side."""

import asyncio

from klaster_gateway.composing.reader import Reader
from klaster_gateway.composing.sections import LONG_DEADLINE, section
from klaster_gateway.overview.schemas import Overview
from klaster_gateway.overview.sections import changes_summary, entities_summary, events_summary, scorecard_summary


async def compose_overview(reader: Reader) -> Overview:
    """Every section at once; one that fails or is late takes only itself away."""
    scorecard, entities, events, changes = await asyncio.gather(
        section(scorecard_summary(reader), service="indicators", link="/v1/scorecard", deadline=LONG_DEADLINE),
        section(entities_summary(reader), service="registry", link="/v1/entities?registration=registered"),
        section(events_summary(reader), service="events", link="/v1/events?state=published&sort=starts_at"),
        section(changes_summary(reader), service="registry", link="/v1/entities?sort=-updated_at"),
    )
    return Overview(scorecard=scorecard, entities=entities, events=events, changes=changes)
