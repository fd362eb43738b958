"""Entities as numbers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import repository
from klaster_shared.watching.measures import Gauge, Measure, Sample

ENTITIES = Gauge("klaster_entities", "Organisations that the registry knows", ("registration",))


async def _read(session: AsyncSession, _now: datetime) -> Iterable[Sample]:
    return [Sample(ENTITIES, number, (state,)) for state, number in await repository.count_by_registration(session)]


KNOWN = Measure((ENTITIES,), _read)
