"""What a service finds when it looks at itself."""

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.job_table import TABLE
from klaster_shared.jobs import Jobs
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.watching import checks
from tests.shared.conftest import METADATA, NOTES

JOBS = METADATA.tables[TABLE]


async def fill(database: Database) -> None:
    """Write until there is no room: on SQLite no page more than there are, on PostgreSQL as if it only stood by."""
    async with database.write() as session:
        limit = "SET TRANSACTION READ ONLY" if database.dialect == "postgresql" else "PRAGMA max_page_count = 1"
        await session.execute(text(limit))
        for number in range(1000):
            note = {"id": f"{number:032x}", "text": f"{number:0200}", "version": 1}
            await session.execute(text("INSERT INTO notes (id, text, version) VALUES (:id, :text, :version)"), note)


class TestDisk:
    async def test_is_well_where_writes_succeed(self, database: Database) -> None:
        async with database.write() as session:
            await session.execute(NOTES.delete())

        assert checks.disk(database) is None

    async def test_is_in_trouble_from_the_write_that_it_refuses_to_the_next_that_it_takes(
        self, database: Database
    ) -> None:
        with pytest.raises(DBAPIError):
            await fill(database)

        expected = "read-only" if database.dialect == "postgresql" else "no room is left"
        assert checks.disk(database) == expected

        async with database.write() as session:
            if database.dialect == "sqlite":
                await session.execute(text("PRAGMA max_page_count = 1000000"))
            await session.execute(NOTES.delete())
        assert checks.disk(database) is None

    async def test_has_nothing_to_do_with_a_statement_that_makes_no_sense(self, database: Database) -> None:
        with suppress(DBAPIError):
            async with database.write() as session:
                await session.execute(text("INSERT INTO nowhere VALUES (1)"))

        assert checks.disk(database) is None


class TestKeys:
    def test_are_well_where_they_can_be_read(self) -> None:
        assert checks.public_keys(keys_folder() / "jwks.json") is None
        assert checks.private_key(keys_folder() / "events.jwk") is None
        assert checks.private_key(None) is None

    @pytest.mark.parametrize(
        ("held", "said"),
        [
            (None, "jwks.json cannot be read: No such file or directory"),
            ("", "jwks.json is no set of keys"),
            ("[]", "jwks.json is no set of keys"),
            ('{"keys": []}', "jwks.json holds no key"),
        ],
    )
    def test_of_all_are_missed(self, tmp_path: Path, held: str | None, said: str) -> None:
        file = tmp_path / "jwks.json"
        if held is not None:
            file.write_text(held)
        assert checks.public_keys(file) == said

    @pytest.mark.parametrize("held", ["", "[]", json.dumps({"kty": "OKP", "x": "public"})])
    def test_of_its_own_are_missed(self, tmp_path: Path, held: str) -> None:
        file = tmp_path / "own.jwk"
        assert checks.private_key(file) == "own.jwk cannot be read: No such file or directory"
        file.write_text(held)
        assert checks.private_key(file) == "own.jwk is no private key"


class TestWorkers:
    async def test_say_when_they_last_looked_for_work(self, database: Database) -> None:
        jobs, stop = Jobs(database, METADATA, handlers={}), asyncio.Event()
        assert checks.workers([jobs], []) is None
        running = asyncio.create_task(jobs.run(stop))
        await asyncio.sleep(0)  # it begins
        assert checks.workers([jobs], [running]) is None

        jobs.looked_at = monotonic() - 100
        assert checks.workers([jobs], [running]) == "a worker has not looked for work for 100 s"
        stop.set()
        await running
        assert jobs.looked_at is None

    async def test_are_missed_when_they_end(self) -> None:
        async def end() -> None:
            raise ValueError("a person's name")

        ended = asyncio.create_task(end())
        await asyncio.wait([ended])

        assert checks.workers([], [ended]) == "a worker ended: ValueError"


class TestJobs:
    async def test_are_well_while_they_are_taken_up(self, database: Database) -> None:
        assert await checks.jobs(database, JOBS, {"count"}) is None
        assert await checks.jobs(database, None, {"count"}) is None

    async def test_are_in_trouble_where_nobody_takes_them_up(self, database: Database) -> None:
        jobs = Jobs(database, METADATA, handlers={})
        async with database.write() as session:
            await jobs.enqueue(session, kind="count", due=utc_now() - timedelta(minutes=11))
            await jobs.enqueue(session, kind="later", due=utc_now() + timedelta(minutes=11))

        assert str(await checks.jobs(database, JOBS, {"count", "later"})).startswith("a job has waited for 66")
        assert await checks.jobs(database, JOBS, {"later"}) is None
        assert await checks.jobs(database, JOBS, ()) is None
