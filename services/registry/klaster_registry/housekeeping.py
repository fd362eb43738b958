"""Background work of the registry: imports, forgetting what is kept for a while only, making what is missing."""

from datetime import timedelta
from functools import partial
from typing import Any

from klaster_registry.database import METADATA
from klaster_registry.exports.operations import keep_lines
from klaster_registry.imports.operations import forget_old_files
from klaster_registry.imports.running import IMPORT, work_off
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.idempotency import forget_old_answers
from klaster_shared.jobs import Job, Jobs

FORGET_ANSWERS, KEEP_LINES, FORGET_FILES = "forget_answers", "keep_lines", "forget_files"


def housekeeping_jobs(database: Database, *, zone: str = "Europe/Warsaw") -> Jobs:
    """The service's jobs: imports as they are asked for, and every hour what is to be tidied up.

    Deleted are first answers that nobody may ask for again, and files of imports that nobody has touched for a month;
    lines of CSV are made for entities that a program of an earlier release has written since.
    """

    async def forget(_job: Job) -> dict[str, Any]:
        async with database.write() as session:
            return {"forgotten": await forget_old_answers(session, METADATA, now=utc_now())}

    async def forget_files(_job: Job) -> dict[str, Any]:
        async with database.write() as session:
            return {"forgotten": await forget_old_files(session, now=utc_now())}

    async def keep(_job: Job) -> dict[str, Any]:
        return {"made": await keep_lines(database)}

    hourly = {FORGET_ANSWERS: forget, FORGET_FILES: forget_files, KEEP_LINES: keep}
    return Jobs(
        database,
        METADATA,
        handlers={**hourly, IMPORT: partial(work_off, database, zone=zone)},
        schedules=dict.fromkeys(hourly, timedelta(hours=1)),
        told=[IMPORT],
    )
