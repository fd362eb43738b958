"""The outbox as numbers: what waits, since when, and what could not be sent."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.messages import repository
from klaster_shared.watching.measures import Gauge, Measure, Sample

WAITING = Gauge("klaster_outbox_waiting", "Messages that are not sent yet")
OLDEST = Gauge("klaster_outbox_oldest_seconds", "Age of the message that has waited longest")
FAILED = Gauge("klaster_outbox_failed", "Messages that were given up and are kept")
UNTOLD = Gauge("klaster_notices_untold", "Notices that have yet to become messages")


async def _read(session: AsyncSession, now: datetime) -> Iterable[Sample]:
    number, since = await repository.oldest_waiting(session)
    return [
        Sample(WAITING, number),
        Sample(OLDEST, (now - since).total_seconds() if since is not None else 0),
        Sample(FAILED, await repository.count_failed(session)),
        Sample(UNTOLD, await repository.untold_notices(session)),
    ]


OUTBOX = Measure((WAITING, OLDEST, FAILED, UNTOLD), _read)
