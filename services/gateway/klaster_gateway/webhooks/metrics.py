"""Webhooks as numbers: tries by what came of them; what waits, what is dead, how late the news is."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.webhooks import repository
from klaster_shared.watching.measures import Gauge, Measure, Sample

TRIES = Counter("klaster_webhook_tries", "Tries to deliver", ["outcome"])
HOOKS = Gauge("klaster_webhooks", "Webhooks that somebody has made", ("state",))
WAITING = Gauge("klaster_webhook_waiting", "Messages that are due and wait for receivers that are not paused")
DEAD = Gauge("klaster_webhook_dead", "Messages that were tried often enough, and are kept to be replayed")
LAG = Gauge("klaster_webhook_lag_seconds", "Age of the oldest message that is due")


async def _read(session: AsyncSession, now: datetime) -> Iterable[Sample]:
    waiting, dead, oldest = await repository.counts(session, now=now)
    return [
        *(Sample(HOOKS, number, (state,)) for state, number in (await repository.webhooks_by_state(session)).items()),
        Sample(WAITING, waiting),
        Sample(DEAD, dead),
        Sample(LAG, (now - oldest).total_seconds() if oldest is not None else 0),
    ]


WEBHOOKS = Measure((HOOKS, WAITING, DEAD, LAG), _read)
