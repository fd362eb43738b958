"""What is measured in the database of every service, as far as it has the tables: jobs, feeds, size."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import TABLE as CHANGES
from klaster_shared.following import TABLE as CURSORS
from klaster_shared.job_table import TABLE as JOBS
from klaster_shared.watching import repository
from klaster_shared.watching.measures import Gauge, Measure, Sample

RECENT = timedelta(hours=1)  # an operator who looks has an hour to see that something was given up
WAITING = Gauge("klaster_jobs_waiting", "Jobs that are due and that nobody has taken up", ("kind",))
RUNNING = Gauge("klaster_jobs_running", "Jobs that are being done", ("kind",))
RETRIED = Gauge("klaster_jobs_retried", "Jobs that wait for another try after one that failed", ("kind",))
OVERDUE = Gauge("klaster_jobs_overdue_seconds", "How long the job that has waited longest is overdue", ("kind",))
FAILED = Gauge("klaster_jobs_failed", "Jobs that were given up within the last hour", ("kind",))
POSITION = Gauge("klaster_feed_position", "The end of this service's feed of changes", ("feed",))
FOLLOWED = Gauge(
    "klaster_feed_followed_position", "How far a feed has been read by whoever follows it", ("feed", "follower")
)
SIZE = Gauge("klaster_database_bytes", "What the service's database takes on its disk")


def standing_measures(service: str, metadata: MetaData, *, kinds: Collection[str]) -> list[Measure]:
    """The measures of the tables that a service has; `kinds`: the jobs that it knows, which earlier ones need not."""

    async def size(session: AsyncSession, _now: datetime) -> Iterable[Sample]:
        return [Sample(SIZE, await repository.size_of_database(session))]

    measures = [Measure((SIZE,), size)]
    if (table := metadata.tables.get(JOBS)) is not None:
        measures.append(_jobs(table, kinds))
    if (table := metadata.tables.get(CHANGES)) is not None:
        measures.append(_feed(service, table))
    if (table := metadata.tables.get(CURSORS)) is not None:
        measures.append(_following(service, table))
    return measures


def _jobs(table: Table, kinds: Collection[str]) -> Measure:
    async def read(session: AsyncSession, now: datetime) -> Iterable[Sample]:
        samples = []
        for row in await repository.live_jobs(session, table, kinds=kinds, now=now):
            of = (row.kind,)
            overdue = (now - row.oldest).total_seconds() if row.oldest is not None else 0
            samples += [Sample(WAITING, row.waiting, of), Sample(RUNNING, row.running, of)]
            samples += [Sample(RETRIED, row.retried, of), Sample(OVERDUE, overdue, of)]
        for row in await repository.failed_jobs(session, table, kinds=kinds, since=now - RECENT):
            samples.append(Sample(FAILED, row.failed, (row.kind,)))
        return samples

    return Measure((WAITING, RUNNING, RETRIED, OVERDUE, FAILED), read)


def _feed(service: str, table: Table) -> Measure:
    async def read(session: AsyncSession, _now: datetime) -> Iterable[Sample]:
        return [Sample(POSITION, await repository.newest_position(session, table), (service,))]

    return Measure((POSITION,), read)


def _following(service: str, table: Table) -> Measure:
    async def read(session: AsyncSession, _now: datetime) -> Iterable[Sample]:
        rows = await repository.followed_positions(session, table)
        return [Sample(FOLLOWED, row.position, (row.feed, service)) for row in rows]

    return Measure((FOLLOWED,), read)
