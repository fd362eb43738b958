"""Proposals as numbers: how many wait for the office, and since when."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.proposals import repository
from klaster_shared.watching.measures import Gauge, Measure, Sample

PENDING = Gauge("klaster_proposals_pending", "Changes that partners propose and nobody has decided on")
OLDEST = Gauge("klaster_proposals_oldest_seconds", "Age of the proposal that has waited longest")


async def _read(session: AsyncSession, now: datetime) -> Iterable[Sample]:
    number, oldest = await repository.pending_proposals(session)
    return [
        Sample(PENDING, number),
        Sample(OLDEST, (now - oldest).total_seconds() if oldest is not None else 0),
    ]


PROPOSALS = Measure((PENDING, OLDEST), _read)
