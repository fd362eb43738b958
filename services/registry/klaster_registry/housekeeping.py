"""Background work of the registry: what is kept for a while only is forgotten in time, what is still to be made is."""

from datetime import timedelta
from typing import Any

from klaster_registry.database import METADATA
from klaster_registry.exports.operations import keep_lines
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.idempotency import forget_old_answers
from klaster_shared.jobs import Job, Jobs

FORGET_ANSWERS, KEEP_LINES = "forget_answers", "keep_lines"


def housekeeping_jobs(database: Database) -> Jobs:
    """The service's jobs: once an hour, first answers that nobody may ask for again are deleted, and lines of CSV made
    for entities that a program of an earlier release has written since."""

    async def forget(_job: Job) -> dict[str, Any]:
        async with database.write() as session:
            return {"forgotten": await forget_old_answers(session, METADATA, now=utc_now())}

    async def keep(_job: Job) -> dict[str, Any]:
        return {"made": await keep_lines(database)}

    handlers = {FORGET_ANSWERS: forget, KEEP_LINES: keep}
    return Jobs(database, METADATA, handlers=handlers, schedules=dict.fromkeys(handlers, timedelta(hours=1)))
