"""The refresh as a job: on demand, on a schedule, and again soon where a source was away."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.database import METADATA
from klaster_indicators.live.figures import FigureSource
from klaster_indicators.live.operations import refresh
from klaster_shared.database import Database
from klaster_shared.dates import today_in, utc_now
from klaster_shared.jobs import Job, JobHandler, Jobs

REFRESH = "refresh"
AGAIN = timedelta(seconds=30)  # a service that fell over is back by then; the schedule may be a quarter of an hour off


class Refresher:
    """Carries a refresh out; its payload may name the day."""

    def __init__(self, database: Database, *, sources: Mapping[str, FigureSource], zone: str) -> None:
        self._database = database
        self._sources = sources
        self._zone = zone
        self.clock: Callable[[], datetime] = utc_now

    async def __call__(self, job: Job) -> dict[str, Any]:
        now = self.clock()
        stated = job.payload.get("as_of")
        as_of = date.fromisoformat(stated) if stated else None
        return await refresh(
            self._database, sources=self._sources, today=today_in(self._zone, now), as_of=as_of, now=now
        )


def refreshing_jobs(
    database: Database, refresher: Refresher, *, minutes: int, beside: Mapping[str, JobHandler] | None = None
) -> Jobs:
    """The service's jobs, every so many minutes: the refresh, once more soon after one that failed in part; others."""

    async def handle(job: Job) -> dict[str, Any]:
        result = await refresher(job)
        if any(said != "ok" for said in result["sources"].values()):
            due = utc_now() + AGAIN
            async with database.write() as session:
                # At most one a minute, whoever asks.
                key = f"{REFRESH}:again:{due:%Y-%m-%dT%H:%M}"
                await jobs.enqueue(session, kind=REFRESH, key=key, payload=job.payload, due=due)
        return result

    handlers: dict[str, JobHandler] = {REFRESH: handle, **(beside or {})}
    schedules = dict.fromkeys(handlers, timedelta(minutes=minutes))
    jobs = Jobs(database, METADATA, handlers=handlers, schedules=schedules, told=[REFRESH])
    return jobs


async def request_refresh(jobs: Jobs, session: AsyncSession, *, as_of: date | None = None) -> UUID:
    """The refresh that will see what stands now: one that waits already, or a new one.

    One that is running has perhaps asked before, so it is never given for an answer.
    """
    stated = as_of.isoformat() if as_of else None
    for suffix in ("", ":next"):
        key = f"{REFRESH}:{stated or 'all'}{suffix}"
        job = await jobs.enqueue(session, kind=REFRESH, key=key, payload={"as_of": stated})
        row = await jobs.find(session, job)
        if row is not None and row.state == "queued":
            return job
    return await jobs.enqueue(session, kind=REFRESH, payload={"as_of": stated})
