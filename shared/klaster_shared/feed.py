"""The change feed: pages, long poll, and Server-Sent Events, all from the one log of changes.

A follower that waits holds no connection to the database. It is woken by commits of this process at once; commits of
other processes (workers, replicas) are noticed by one look at the log each half second, however many wait.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Table

from klaster_shared.changes import ASIDE, changes_after, is_position, span, stated_position
from klaster_shared.database import Database
from klaster_shared.errors import PositionGone, Unavailable

LOOK = 0.5  # seconds between two looks for what other processes committed
# In a burst of commits those who wait are told of several together: asked for one by one, changes cost more than what
# they tell of. One that comes by itself is told at once.
GATHER = 0.1  # seconds
MAX_WAIT = 15  # seconds; less than the twenty that a service that stops leaves to what is under way
KEEP_ALIVE = 15.0  # seconds of silence after which a stream says that it is alive
STREAM_SECONDS = 600.0  # then a stream ends and is asked for anew: a key that was revoked opens none
MAX_FOLLOWERS = 500  # that wait at once, in one process
PAGE = 500
FROM_NOW_ON = -1
_HOW = "Take an export, which says its position, or begin with after=0"


@dataclass(frozen=True, slots=True)
class Found:
    """Changes that a follower may see, and the position that they were looked for up to."""

    rows: Sequence[Any]
    next: int


@dataclass(slots=True)
class Feed:
    """One service's log as its followers read it."""

    database: Database
    table: Table
    stopping: asyncio.Event
    _followers: int = 0
    _watcher: "asyncio.Task[None] | None" = field(default=None, repr=False)

    async def find(self, *, after: int, limit: int, audiences: Sequence[str]) -> Found:
        """The changes behind a position; raises PositionGone where the log does not go on from it."""
        async with self.database.read() as session:
            # The end is looked up first: what is committed between the two questions is left to the next answer.
            first, last = await span(session, self.table)
            if after == FROM_NOW_ON:
                return Found((), last)
            behind = _behind(after, first, last)
            if first <= behind < last and not await is_position(session, self.table, behind):
                raise _lost(first, last)
            statement = changes_after(self.table, position=behind, last=last, limit=limit, audiences=audiences)
            rows = (await session.execute(statement)).all()
        # Changes that are not for these eyes are passed over for good, not looked at again each time.
        return Found(rows, _cursor(rows[-1].position) if len(rows) == limit else last)

    async def wait_for(self, *, after: int, limit: int, audiences: Sequence[str], seconds: float) -> Found:
        """As `find`, but waits for a change that may be seen; empty when the time is over or the service stops."""
        until = monotonic() + seconds
        while True:
            if self.database.news.is_burst(GATHER):
                await asyncio.sleep(GATHER)
            news = self.database.news.subscribe()  # before looking: what is committed meanwhile wakes us
            found = await self.find(after=after, limit=limit, audiences=audiences)
            left = until - monotonic()
            if found.rows or left <= 0 or self.stopping.is_set():
                news.cancel()
                return found
            after = found.next
            await self._sleep(news, left)

    async def _sleep(self, news: "asyncio.Future[None]", seconds: float) -> None:
        stopped = asyncio.create_task(self.stopping.wait())
        either: set[asyncio.Future[Any]] = {news, stopped}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            stopped.cancel()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Count a follower that waits; raises Unavailable where too many do."""
        if self._followers >= MAX_FOLLOWERS:
            raise Unavailable("Too many followers wait here at this moment", headers={"Retry-After": "5"})
        self._followers += 1
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._followers -= 1
            if not self._followers and self._watcher is not None:
                self._watcher.cancel()
                self._watcher = None

    async def _watch(self) -> None:
        seen = -1
        while True:
            await asyncio.sleep(LOOK)
            with suppress(Exception):  # a database that is away is looked at again
                async with self.database.read() as session:
                    _, last = await span(session, self.table)
                if last != seen:
                    seen = last
                    self.database.news.tell()

    async def stream(self, *, after: int, audiences: Sequence[str]) -> AsyncIterator[bytes]:
        """Changes as Server-Sent Events, each with its position as id."""
        until = monotonic() + STREAM_SECONDS
        yield b"retry: 1000\n\n"
        while not self.stopping.is_set() and monotonic() < until:
            try:
                found = await self.wait_for(after=after, limit=PAGE, audiences=audiences, seconds=KEEP_ALIVE)
            except PositionGone:
                return  # asked for anew, it is refused with its reason
            if found.rows:
                yield b"".join(_render_event(row) for row in found.rows)
            else:
                # The id moves on over what is not for these eyes: a reconnect need not look at it again.
                yield b": still here\nid: %d\n\n" % found.next
            after = found.next


def _cursor(position: int) -> int:
    """What to ask with for what comes behind; among changes that were set aside, a number above all positions."""
    return position if position > 0 else position + 2 * ASIDE


def _behind(after: int, first: int, last: int) -> int:
    """Where in the log to read on; whoever begins is told first of what was set aside. Raises PositionGone."""
    if after == 0:
        return -ASIDE
    if ASIDE < after < ASIDE + first:
        return after - 2 * ASIDE
    _check(after, first, last)
    return after


def _check(after: int, first: int, last: int) -> None:
    if after > last:
        raise _lost(first, last)
    if after < first - 1:
        detail = f"What came before position {first} is no longer kept. {_HOW}"
        raise PositionGone(detail, first=str(first), last=str(last))


def _lost(first: int, last: int) -> PositionGone:
    """The position of a change that a restored copy does not have."""
    detail = f"The newest position is {last}: this log was restored from an older copy. {_HOW}"
    return PositionGone(detail, first=str(first), last=str(last))


def render_changes(found: Found) -> bytes:
    """Rows of the log as the answer's bytes: the stored JSON goes out as it is."""
    return b'{"items":[%s],"next":"%d"}' % (b",".join(_render_change(row) for row in found.rows), found.next)


def _render_change(row: Any) -> bytes:
    head = to_json(
        {
            "position": str(stated_position(row.position)),
            "at": row.at,
            "actor": row.actor,
            "kind": row.kind,
            "collection": row.collection,
            "id": row.record_id,
            "audience": row.audience,
            "merged_into": row.merged_into,
        }
    )
    record = row.record.encode() if row.record is not None else b"null"
    return b'%s,"changed":%s,"record":%s}' % (head[:-1], row.changed.encode(), record)


def _render_event(row: Any) -> bytes:
    # JSON has no raw line breaks: one line of data is the whole record.
    return b"id: %d\nevent: change\ndata: %s\n\n" % (_cursor(row.position), _render_change(row))
