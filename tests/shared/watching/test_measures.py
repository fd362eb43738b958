"""Numbers that the database answers, as Prometheus reads them."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import httpx
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import record_change
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import Unavailable
from klaster_shared.job_table import TABLE
from klaster_shared.jobs import Job, Jobs
from klaster_shared.watching.measures import Gauge, Measure, Measures, Sample
from klaster_shared.watching.standing import standing_measures
from tests.shared.conftest import METADATA

JOBS = METADATA.tables[TABLE]
SEEN = Gauge("test_seen", "How often it was asked for", ("by",))


def told(exposition: bytes, name: str) -> dict[str, float]:
    """The samples of a metric, by their labels."""
    found = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", exposition.decode(), re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def standing(database: Database, *kinds: str) -> Measures:
    return Measures(database, standing_measures("notes", METADATA, kinds=kinds))


class TestStandingMeasures:
    async def test_tell_nothing_of_an_empty_database_but_its_size(self, database: Database) -> None:
        found = await standing(database, "count").exposition()

        assert told(found, "klaster_jobs_waiting") == {}
        assert told(found, "klaster_feed_position") == {'feed="notes"': 0}
        assert told(found, "klaster_database_bytes")[""] > 1000
        assert told(found, "klaster_measures_read") == {"": 1}
        assert "# TYPE klaster_jobs_failed gauge" in found.decode()

    async def test_tell_how_long_jobs_wait_and_how_they_fail(self, database: Database) -> None:
        async def fail(_job: Job) -> None:
            raise Unavailable("away")

        jobs = Jobs(database, METADATA, handlers={"count": fail, "mail": fail}, max_attempts=1)
        again = Jobs(database, METADATA, handlers={"report": fail})
        async with database.write() as session:
            for kind in ("count", "mail", "report", "of an earlier release"):
                await jobs.enqueue(session, kind=kind)
            await jobs.enqueue(session, kind="mail", due=utc_now() + timedelta(hours=1))
        await again.run_next()
        async with database.write() as session:
            await session.execute(
                update(JOBS).where(JOBS.c.kind == "count").values(due=utc_now() - timedelta(minutes=5))
            )
        await Jobs(database, METADATA, handlers={"mail": fail}, max_attempts=1).run_next()

        found = await standing(database, "count", "mail", "report").exposition()

        assert told(found, "klaster_jobs_waiting") == {'kind="count"': 1, 'kind="mail"': 0, 'kind="report"': 0}
        assert told(found, "klaster_jobs_retried") == {'kind="count"': 0, 'kind="mail"': 0, 'kind="report"': 1}
        assert told(found, "klaster_jobs_failed") == {'kind="mail"': 1}
        assert 300 <= told(found, "klaster_jobs_overdue_seconds")['kind="count"'] < 400
        assert told(found, "klaster_job_seconds_count")['kind="report",outcome="failed"'] >= 1

    async def test_tell_where_the_feed_ends(self, database: Database) -> None:
        async with database.write() as session:
            for each in ("a", "b"):
                record_change(session, kind="created", collection="notes", id=each)

        assert told(await standing(database).exposition(), "klaster_feed_position") == {'feed="notes"': 2}


class TestMeasures:
    async def test_ask_the_database_no_more_often_than_is_needed(self, database: Database) -> None:
        asked = 0

        async def read(_session: AsyncSession, _now: datetime) -> Iterable[Sample]:
            nonlocal asked
            asked += 1
            return [Sample(SEEN, asked, ("me",))]

        measures = Measures(database, [Measure((SEEN,), read)])
        found = [await measures.exposition() for _ in range(3)]

        assert [told(each, "test_seen") for each in found] == [{'by="me"': 1}] * 3

    async def test_say_nothing_rather_than_what_was_before_where_the_database_does_not_answer(
        self, database: Database
    ) -> None:
        async def read(session: AsyncSession, _now: datetime) -> Iterable[Sample]:
            await session.execute(text("SELECT nothing FROM nowhere"))
            return [Sample(SEEN, 1, ("me",))]

        found = await Measures(database, [Measure((SEEN,), read)]).exposition()

        assert told(found, "klaster_measures_read") == {"": 0}
        assert told(found, "test_seen") == {}

    async def test_stand_beside_what_the_process_knows_of_itself(self, base_url: str) -> None:
        async with httpx.AsyncClient(base_url=base_url) as client:
            found = (await client.get("/metrics")).content

        assert told(found, "klaster_check")['check="disk"'] == 1
        assert told(found, "klaster_database_connections_most")['pool="read"'] == 10
        assert "python_info" in found.decode()
