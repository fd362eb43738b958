"""A log made shorter: who follows misses no record, what was known since is known, and what is gone says so."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from klaster_shared.changes import ASIDE, ROOM, TABLE, Kind, leave_room, record_change
from klaster_shared.compaction import Compacted, compact
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.history import NotKnownThen, known_record, revisions_page
from klaster_shared.pagination import PageParameters
from tests.shared.conftest import METADATA

FEED = "/v1/notes/changes"
CHANGES = METADATA.tables[TABLE]
AsRole = Callable[[str], AbstractAsyncContextManager[httpx.AsyncClient]]
Told = tuple[Kind, str, str | None]

# What happened before: "a" twice, "b" hidden, "c" deleted; the last of it stays whatever is forgotten.
BEFORE: Sequence[Told] = (
    ("created", "a", "a1"),
    ("created", "b", "b1"),
    ("created", "c", "c1"),
    ("updated", "a", "a2"),
    ("deleted", "c", None),
    ("created", "d", "d1"),
)
SINCE: Sequence[Told] = (("updated", "a", "a3"), ("updated", "b", "b2"))


@pytest.fixture
async def integrator(as_role: AsRole) -> AsyncIterator[httpx.AsyncClient]:
    async with as_role("integrator") as client:
        yield client


async def tell(database: Database, told: Sequence[Told]) -> None:
    for kind, name, text in told:
        async with database.write() as session:
            record = None if text is None else {"text": text}
            record_change(session, kind=kind, collection="notes", id=name, record=record)


@pytest.fixture
async def compacted(database: Database) -> tuple[datetime, datetime, Compacted]:
    """A log that was cut between two instants: those, and what was done."""
    await tell(database, BEFORE[:3])
    early = utc_now()
    await tell(database, BEFORE[3:])
    cut = utc_now()
    await tell(database, SINCE)
    return early, cut, await compact(database, CHANGES, before=cut, at_once=2)


async def followed(client: httpx.AsyncClient, after: str, limit: int) -> list[dict[str, Any]]:
    """All that a follower is told."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await client.get(FEED, params={"after": after, "limit": limit})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        if not page["items"]:
            return found
        found += page["items"]
        after = page["next"]


def told(items: Sequence[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(one["position"], one["id"], one["record"] and one["record"]["text"]) for one in items]


async def known(database: Database, name: str, at: datetime) -> str:
    async with database.read() as session:
        found = await known_record(session, CHANGES, collection="notes", record_id=name, at=at, role="office")
    text: str = found["text"]
    return text


Done = tuple[datetime, datetime, Compacted]


class TestFeed:
    @pytest.mark.parametrize("limit", [1, 100])
    async def test_tells_whoever_begins_the_last_word_on_each_record(
        self, integrator: httpx.AsyncClient, compacted: Done, limit: int
    ) -> None:
        assert compacted[2] == Compacted(gone=2, kept=4, first=7)
        assert told(await followed(integrator, "0", limit)) == [
            ("2", "b", "b1"),
            ("4", "a", "a2"),
            ("5", "c", None),
            ("6", "d", "d1"),
            ("7", "a", "a3"),
            ("8", "b", "b2"),
        ]

    async def test_refuses_whoever_has_read_a_part_of_what_is_gone(
        self, integrator: httpx.AsyncClient, compacted: Done
    ) -> None:
        refused = await integrator.get(FEED, params={"after": 3})
        assert (refused.status_code, refused.json()["code"], refused.json()["first"]) == (410, "position_gone", "7")
        stream = await integrator.get(FEED, params={"after": 3}, headers={"Accept": "text/event-stream"})
        assert stream.status_code == 410
        assert (await integrator.get(FEED, params={"after": ASIDE + 99})).status_code == 410

    async def test_goes_on_for_whoever_had_read_it_all(self, integrator: httpx.AsyncClient, compacted: Done) -> None:
        assert told(await followed(integrator, "6", 100)) == [("7", "a", "a3"), ("8", "b", "b2")]

    async def test_goes_on_in_the_middle_when_more_is_forgotten_meanwhile(
        self, database: Database, integrator: httpx.AsyncClient, compacted: Done
    ) -> None:
        page = (await integrator.get(FEED, params={"after": 0, "limit": 2})).json()
        await compact(database, CHANGES, before=utc_now() + timedelta(days=1))
        rest = await followed(integrator, page["next"], 100)
        assert told(rest) == [("5", "c", None), ("6", "d", "d1"), ("7", "a", "a3"), ("8", "b", "b2")]
        assert told(await followed(integrator, "0", 100)) == [("2", "b", "b1"), *told(rest)]

    async def test_of_a_log_that_is_young_loses_nothing(self, database: Database) -> None:
        assert await compact(database, CHANGES, before=utc_now()) == Compacted(0, 0, 1)
        await tell(database, BEFORE)
        done = await compact(database, CHANGES, before=utc_now() - timedelta(days=1))
        assert (done.gone, done.kept, done.first) == (0, 0, 1)

    async def test_is_told_by_audience(self, database: Database, as_role: AsRole) -> None:
        await tell(database, [("created", "a", "a1")])
        async with database.write() as session:
            record_change(session, kind="deleted", collection="notes", id="a")
            record_change(session, kind="updated", collection="notes", id="a", record={"text": "a2"}, audience="office")
        await tell(database, [("created", "z", "z1")])
        await compact(database, CHANGES, before=utc_now() + timedelta(days=1))
        async with as_role("integrator") as outside, as_role("office") as office:
            assert told(await followed(outside, "0", 100)) == [("2", "a", None), ("4", "z", "z1")]
            assert told(await followed(office, "0", 100))[:2] == [("2", "a", None), ("3", "a", "a2")]


class TestPast:
    async def test_is_known_as_before_since_the_cut(self, database: Database, compacted: Done) -> None:
        cut = compacted[1]
        assert [await known(database, name, cut) for name in "abd"] == ["a2", "b1", "d1"]
        assert await known(database, "a", utc_now()) == "a3"
        with pytest.raises(NotKnownThen, match="there was no c"):
            await known(database, "c", cut)

    async def test_from_before_the_cut_is_known_or_said_to_be_gone(self, database: Database, compacted: Done) -> None:
        early = compacted[0]
        assert await known(database, "b", early) == "b1"
        with pytest.raises(NotKnownThen, match="is no longer kept"):
            await known(database, "a", early)
        with pytest.raises(NotKnownThen, match="there was no d"):
            await known(database, "d", early)

    async def test_is_paged_with_the_positions_of_before(self, database: Database, compacted: Done) -> None:
        found: list[str] = []
        cursor: str | None = None
        while not found or cursor:
            async with database.read() as session:
                items, cursor = await revisions_page(
                    session,
                    CHANGES,
                    collection="notes",
                    record_id="a",
                    role="office",
                    asked=PageParameters(limit=1, cursor=cursor),
                )
            found += [item["position"] for item in items]
        assert found == ["7", "4"]


class TestRestored:
    async def test_log_is_made_shorter_across_the_room_that_was_left(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        await tell(database, BEFORE)
        async with database.write() as session:
            await leave_room(session, CHANGES)
        await tell(database, SINCE)

        done = await compact(database, CHANGES, before=utc_now(), at_once=2)

        assert done.first == len(BEFORE) + ROOM + len(SINCE)
        assert {item["id"] for item in await followed(integrator, "0", 100)} == {"a", "b", "c", "d"}
