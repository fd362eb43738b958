"""Positions rise in commit order: whoever follows the log misses nothing, however the writers interleave."""

import asyncio
import random

import pytest
from sqlalchemy import BigInteger, Column, Identity, MetaData, Table, Text, insert, select, text

from klaster_shared.changes import TABLE, changes_after, record_change
from klaster_shared.database import Actor, Database
from tests.shared.conftest import METADATA

CHANGES = METADATA.tables[TABLE]
OFFICE = Actor(subject="key:1", role="office")


async def read_after(database: Database, position: int, audiences: tuple[str, ...] = ("anonymous",)) -> list[int]:
    async with database.read() as session:
        statement = changes_after(CHANGES, position=position, last=2**62, limit=500, audiences=audiences)
        return [row.position for row in (await session.execute(statement)).all()]


async def follow(database: Database, done: asyncio.Event) -> list[int]:
    """Poll hard for whatever comes after the last position seen, as a follower of the feed does."""
    seen: list[int] = []
    while True:
        finished = done.is_set()
        seen += await read_after(database, seen[-1] if seen else 0)
        if finished:
            return seen
        await asyncio.sleep(0)


async def write_slowly(database: Database, writer: int, fails: bool) -> None:
    try:
        async with database.write(actor=OFFICE) as session:
            record_change(session, kind="created", collection="notes", id=f"{writer}", record={"writer": writer})
            await session.execute(select(1))
            # Transactions end in another order than they began in; some never do.
            await asyncio.sleep(random.random() / 50)
            if fails:
                raise RuntimeError("rolled back")
    except RuntimeError:
        pass


class TestChangeLog:
    async def test_shows_every_follower_each_committed_change_once(self, database: Database) -> None:
        done = asyncio.Event()
        followers = [asyncio.create_task(follow(database, done)) for _ in range(3)]
        writers = 60 if database.dialect == "sqlite" else 200
        at_once = asyncio.Semaphore(20)  # twice what the pool holds; a slow machine refuses whoever waits for too long

        async def write(number: int) -> None:
            async with at_once:
                await write_slowly(database, number, fails=number % 5 == 0)

        await asyncio.gather(*(write(number) for number in range(writers)))
        done.set()
        expected = list(range(1, writers - writers // 5 + 1))
        for follower in followers:
            assert await follower == expected

    async def test_says_who_when_and_what(self, database: Database) -> None:
        async with database.write(actor=OFFICE) as session:
            record_change(session, kind="updated", collection="notes", id="1", changed=["text"], record={"text": "a"})
        async with database.read() as session:
            row = (await session.execute(select(CHANGES))).one()
        assert (row.actor, row.actor_role, row.kind, row.changed) == ("key:1", "office", "updated", '["text"]')

    async def test_leaves_nothing_of_what_was_rolled_back(self, database: Database) -> None:
        await write_slowly(database, 1, fails=True)
        assert await read_after(database, 0) == []

    async def test_shows_a_change_to_its_audience_alone(self, database: Database) -> None:
        async with database.write() as session:
            record_change(session, kind="created", collection="notes", id="1")
            record_change(session, kind="created", collection="people", id="2", audience="office")
        assert await read_after(database, 0) == [1]
        assert await read_after(database, 0, ("anonymous", "integrator", "office")) == [1, 2]


class TestSerialIds:
    async def test_would_lose_a_change_that_commits_late(self, engine: str, database: Database) -> None:
        """Why positions are not serial numbers: this is the loss, made on purpose."""
        if engine == "sqlite":
            pytest.skip("SQLite has one writer: a later number is always committed later")
        serial = Table("serial", MetaData(), Column("id", BigInteger, Identity(), primary_key=True), Column("t", Text))
        async with database.write() as session:
            await (await session.connection()).run_sync(serial.create)
        async with database.write() as late:
            await late.execute(insert(serial).values(t="late"))
            async with database.write() as early:
                await early.execute(insert(serial).values(t="early"))
            async with database.read() as session:
                cursor = (await session.execute(text("SELECT max(id) FROM serial"))).scalar_one()
        async with database.read() as session:
            missed = (await session.execute(select(serial.c.t).where(serial.c.id < cursor))).scalars().all()
            follows = (await session.execute(select(serial.c.t).where(serial.c.id > cursor))).scalars().all()
        assert (missed, follows) == (["late"], [])
