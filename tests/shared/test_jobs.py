"""Background work is done at least once, and says how it went."""

import asyncio
from datetime import timedelta
from typing import Any

from pydantic_core import from_json
from sqlalchemy import select, update

from klaster_shared import changes as change_log
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import Invalid, Unavailable
from klaster_shared.job_table import TABLE, job_read
from klaster_shared.jobs import Job, Jobs
from tests.shared.conftest import METADATA

JOBS = METADATA.tables[TABLE]
CHANGES = METADATA.tables[change_log.TABLE]


async def enqueue(database: Database, jobs: Jobs, **how: Any) -> Any:
    async with database.write() as session:
        return await jobs.enqueue(session, **{"kind": "count", **how})


async def state_of(database: Database, job_id: Any) -> Any:
    async with database.read() as session:
        return job_read((await session.execute(select(JOBS).where(JOBS.c.id == job_id))).one())


async def changes(database: Database) -> Any:
    """What the change log tells of."""
    async with database.read() as session:
        return (await session.execute(select(CHANGES).order_by(CHANGES.c.position))).all()


async def make_due(database: Database) -> None:
    """Pass the time that a retry or a lease would wait."""
    past = utc_now() - timedelta(seconds=1)
    async with database.write() as session:
        await session.execute(update(JOBS).values(due=past, lease_until=past))


class TestJobs:
    async def test_carries_out_what_is_due_and_keeps_the_result(self, database: Database) -> None:
        async def count(job: Job) -> dict[str, Any]:
            await job.progress(1, 2)
            return {"counted": job.payload["upto"]}

        jobs = Jobs(database, METADATA, handlers={"count": count})
        job_id = await enqueue(database, jobs, payload={"upto": 3})
        assert await jobs.run_next()
        assert not await jobs.run_next()
        done = await state_of(database, job_id)
        assert (done.state, done.result, done.done, done.of) == ("succeeded", {"counted": 3}, 1, 2)

    async def test_tries_again_what_was_away_and_stops_at_a_refusal(self, database: Database) -> None:
        raised: list[Exception] = [Unavailable("away"), Unavailable("away"), Invalid("wrong")]

        async def fail(_job: Job) -> None:
            raise raised.pop(0)

        jobs = Jobs(database, METADATA, handlers={"count": fail})
        job_id = await enqueue(database, jobs)
        for expected in ("queued", "queued", "failed"):
            assert await jobs.run_next()
            assert (await state_of(database, job_id)).state == expected
            await make_due(database)
        assert not await jobs.run_next()
        assert (await state_of(database, job_id)).problem["code"] == "invalid"

    async def test_takes_over_from_a_worker_that_died(self, database: Database) -> None:
        started = asyncio.Event()

        async def hang(_job: Job) -> None:
            started.set()
            await asyncio.sleep(60)

        async def finish(_job: Job) -> None:
            return None

        dying = Jobs(database, METADATA, handlers={"count": hang})
        job_id = await enqueue(database, dying)
        worker = asyncio.create_task(dying.run_next())
        await started.wait()
        worker.cancel()
        heir = Jobs(database, METADATA, handlers={"count": finish})
        assert not await heir.run_next()
        await make_due(database)
        assert await heir.run_next()
        assert (await state_of(database, job_id)).state == "succeeded"

    async def test_gives_a_job_to_one_worker_only(self, database: Database) -> None:
        done: list[Any] = []

        async def note(job: Job) -> None:
            await asyncio.sleep(0)
            done.append(job.payload["n"])

        jobs = Jobs(database, METADATA, handlers={"count": note})
        for number in range(12):
            await enqueue(database, jobs, payload={"n": number})

        async def work() -> None:
            while await jobs.run_next():
                pass

        await asyncio.gather(*(work() for _ in range(4)))
        assert sorted(done) == list(range(12))

    async def test_keeps_one_live_job_of_a_key(self, database: Database) -> None:
        jobs = Jobs(database, METADATA, handlers={})
        first = await enqueue(database, jobs, key="refresh")
        assert await enqueue(database, jobs, key="refresh") == first

    async def test_keeps_one_of_a_key_when_many_ask_at_once(self, database: Database) -> None:
        jobs = Jobs(database, METADATA, handlers={})
        ids = await asyncio.gather(*(enqueue(database, jobs, key="refresh") for _ in range(8)))
        assert len(set(ids)) == 1

    async def test_cancels_at_the_next_report(self, database: Database) -> None:
        async def obey(job: Job) -> None:
            async with database.write() as session:
                await jobs.cancel(session, job.id)
            await job.progress(1)

        jobs = Jobs(database, METADATA, handlers={"count": obey})
        job_id = await enqueue(database, jobs)
        await jobs.run_next()
        assert (await state_of(database, job_id)).state == "cancelled"

    async def test_keeps_runs_of_a_schedule_for_an_hour_and_what_was_asked_for_longer(self, database: Database) -> None:
        async def count(_job: Job) -> None:
            return None

        jobs = Jobs(database, METADATA, handlers={"count": count}, schedules={"count": timedelta(hours=1)})
        asked = await enqueue(database, jobs)
        old = await enqueue(database, jobs, key="schedule:count")
        for _ in range(2):
            assert await jobs.run_next()
        async with database.write() as session:
            await session.execute(update(JOBS).values(due=utc_now() - timedelta(hours=2)))
        latest = await enqueue(database, jobs, key="schedule:count")
        async with database.write() as session:
            await session.execute(update(JOBS).where(JOBS.c.id == latest).values(due=utc_now()))
        await jobs.run_next()
        async with database.read() as session:
            kept = set((await session.scalars(select(JOBS.c.id))).all())
        assert asked in kept
        assert old not in kept

    async def test_stands_in_the_change_log_for_those_who_watch_it(self, database: Database) -> None:
        async def count(job: Job) -> dict[str, Any]:
            await job.progress(1, 2)
            return {"counted": 2}

        jobs = Jobs(database, METADATA, handlers={"count": count, "quiet": count}, told=["count"])
        job_id = await enqueue(database, jobs)
        await enqueue(database, jobs, kind="quiet")
        await enqueue(database, jobs, key="schedule:count")
        while await jobs.run_next():
            pass
        told = await changes(database)
        assert {(row.collection, row.record_id, row.audience) for row in told} == {("jobs", str(job_id), "office")}
        records = [from_json(row.record) for row in told]
        assert [(record["state"], record["done"], record["of"]) for record in records] == [
            ("queued", 0, None),
            ("running", 0, None),
            ("running", 1, 2),
            ("succeeded", 1, 2),
        ]
        assert records[-1]["result"] == {"counted": 2}

    async def test_is_gone_from_the_change_log_when_it_is_no_longer_kept(self, database: Database) -> None:
        jobs = Jobs(database, METADATA, handlers={}, told=["count"])
        job_id = await enqueue(database, jobs)
        async with database.write() as session:
            await jobs.cancel(session, job_id)
            await jobs.cancel(session, job_id)
            await session.execute(update(JOBS).values(finished_at=utc_now() - timedelta(days=8)))
        stop = asyncio.Event()
        running = asyncio.create_task(jobs.run(stop))
        async with asyncio.timeout(10):
            while (await changes(database))[-1].kind != "deleted":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        stop.set()
        await running
        assert [row.kind for row in await changes(database)] == ["created", "updated", "deleted"]

    async def test_repeats_what_is_scheduled(self, database: Database) -> None:
        times = 0

        async def tick(_job: Job) -> None:
            nonlocal times
            times += 1
            if times == 3:
                stop.set()

        stop = asyncio.Event()
        jobs = Jobs(database, METADATA, handlers={"tick": tick}, schedules={"tick": timedelta(0)})
        await asyncio.wait_for(jobs.run(stop), timeout=30)
        assert times == 3

    async def test_keeps_none_back_for_one_that_hangs(self, database: Database) -> None:
        ended, release, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def hang(_job: Job) -> None:
            await release.wait()

        async def finish(_job: Job) -> None:
            ended.set()

        jobs = Jobs(database, METADATA, handlers={"hang": hang, "count": finish}, at_once=2)
        hanging = await enqueue(database, jobs, kind="hang")
        running = asyncio.create_task(jobs.run(stop))
        await enqueue(database, jobs)
        await asyncio.wait_for(ended.wait(), 10)
        stop.set()
        await asyncio.sleep(0.05)
        assert not running.done()  # what is in hand is finished
        release.set()
        await asyncio.wait_for(running, 10)
        assert (await state_of(database, hanging)).state == "succeeded"
