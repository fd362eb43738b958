"""Background work of the registry: what is kept for a while only is forgotten in time."""

from datetime import timedelta
from typing import Any

from klaster_registry.database import METADATA
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.idempotency import forget_old_answers
from klaster_shared.jobs import Job, Jobs

FORGET_ANSWERS = "forget_answers"


def housekeeping_jobs(database: Database) -> Jobs:
    """The service's jobs: once an hour, first answers that nobody may ask for again are deleted."""

    async def forget(_job: Job) -> dict[str, Any]:
        async with database.write() as session:
            return {"forgotten": await forget_old_answers(session, METADATA, now=utc_now())}

    return Jobs(database, METADATA, handlers={FORGET_ANSWERS: forget}, schedules={FORGET_ANSWERS: timedelta(hours=1)})
