"""The change feed over HTTP: pages, long poll, and Server-Sent Events, all from the one log of changes.

A follower that waits holds no connection to the database. It is woken by commits of this process at once; commits of
other processes (workers, replicas) are noticed by one look at the log each half second, however many wait.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from sqlalchemy import Table

from klaster_shared.access import operation
from klaster_shared.changes import ASIDE, TABLE, Kind, audiences_of, changes_after, span, stated_position
from klaster_shared.database import Database
from klaster_shared.dependencies import CurrentPrincipal, database_of
from klaster_shared.errors import PositionGone, Unavailable
from klaster_shared.routing import api_router

LOOK = 0.5  # seconds between two looks for what other processes committed
MAX_WAIT = 15  # seconds; less than the twenty that a service that stops leaves to what is under way
KEEP_ALIVE = 15.0  # seconds of silence after which a stream says that it is alive
STREAM_SECONDS = 600.0  # then a stream ends and is asked for anew: a key that was revoked opens none
MAX_FOLLOWERS = 500  # that wait at once, in one process
PAGE = 500
FROM_NOW_ON = -1
_PRIVATE = {"Cache-Control": "private, no-store"}
_EVENTS = "text/event-stream"


class ChangeRead(BaseModel):
    """One change, at its position in commit order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": "1042",
                    "at": "2026-11-24T10:00:00Z",
                    "actor": "key:01930000-0000-7000-8000-000000000000",
                    "kind": "merged",
                    "collection": "entities",
                    "id": "0190163d-8694-739b-aea5-966c26f8ad91",
                    "changed": [],
                    "record": None,
                    "audience": "anonymous",
                    "merged_into": "0190163d-8694-739b-aea5-966c26f8ad92",
                }
            ]
        }
    )

    position: str = Field(examples=["1042"])
    at: datetime
    actor: str = Field(description="An opaque id; names are for the office alone")
    kind: Kind
    collection: str = Field(examples=["entities"])
    id: str
    changed: list[str]
    record: dict[str, Any] | None = Field(description="The record after the change; null when it is gone")
    audience: str = Field(description="The least role that may see it", examples=["anonymous"])
    merged_into: str | None


class ChangesRead(BaseModel):
    """Changes in commit order. Ask again with `after=<next>`; an empty list means: nothing new."""

    items: list[ChangeRead]
    next: str = Field(description="Position to continue from")


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
            statement = changes_after(self.table, position=behind, last=last, limit=limit, audiences=audiences)
            rows = (await session.execute(statement)).all()
        # Changes that are not for these eyes are passed over for good, not looked at again each time.
        return Found(rows, _cursor(rows[-1].position) if len(rows) == limit else last)

    async def wait_for(self, *, after: int, limit: int, audiences: Sequence[str], seconds: float) -> Found:
        """As `find`, but waits for a change that may be seen; empty when the time is over or the service stops."""
        until = monotonic() + seconds
        while True:
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
    how = "Take an export, which says its position, or begin with after=0"
    if after > last:
        detail = f"The newest position is {last}: this log was restored from an older copy. {how}"
        raise PositionGone(detail, first=str(first), last=str(last))
    if after < first - 1:
        detail = f"What came before position {first} is no longer kept. {how}"
        raise PositionGone(detail, first=str(first), last=str(last))


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


@cache
def changes_router(service: str) -> APIRouter:
    """`GET /v1/<service>/changes`: the feed, in pages, by long poll, or as a stream."""
    router = api_router("changes")

    @router.get(
        f"/v1/{service}/changes",
        operation_id=f"list_{service}_changes",
        summary=f"Changes of {service}, in commit order",
        response_model=ChangesRead,
        **_declared(),
    )
    async def list_changes(
        request: Request,
        principal: CurrentPrincipal,
        after: Annotated[
            int, Query(ge=-1, le=2**63 - 1, description="The last position you have; 0: all; -1: from now on")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        wait: Annotated[
            float, Query(ge=0, le=MAX_WAIT, description="Seconds to wait for a change, where there is none yet")
        ] = 0,
        last_event_id: Annotated[
            str | None, Header(pattern=r"^[0-9]{1,18}$", description="Of a stream: go on here")
        ] = None,
    ) -> Response:
        """Every change once, in the order in which it was committed.

        Start with `after=0` or the position of an export, go on with `next`. With `wait` the answer comes as soon as
        there is a change. With `Accept: text/event-stream` changes come as events as long as the connection stands;
        `limit` and `wait` do not apply then. A position that the feed cannot go on from is 410: begin anew.
        """
        feed = feed_of(request)
        audiences = audiences_of(principal.role)
        if _EVENTS in request.headers.get("accept", ""):
            return await _streamed(
                feed, after=after if last_event_id is None else int(last_event_id), audiences=audiences
            )
        if not wait:
            found = await feed.find(after=after, limit=limit, audiences=audiences)
        else:
            async with feed.following():
                waiting = feed.wait_for(after=after, limit=limit, audiences=audiences, seconds=wait)
                found = await _while_listened_to(request, waiting) or Found((), after)
        return Response(render_changes(found), media_type="application/json", headers=_PRIVATE)

    return router


async def _while_listened_to(request: Request, waiting: Coroutine[Any, Any, Found]) -> Found | None:
    """What was waited for; None where the caller has left, so that nobody waits in their place."""
    answer, gone = asyncio.create_task(waiting), asyncio.create_task(_until_gone(request))
    either: set[asyncio.Future[Any]] = {answer, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return answer.result() if answer.done() else None
    finally:
        answer.cancel()
        gone.cancel()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _streamed(feed: Feed, *, after: int, audiences: Sequence[str]) -> Response:
    await feed.find(after=after, limit=1, audiences=audiences)  # refused before the stream begins, not within
    counted = feed.following()
    await counted.__aenter__()

    async def events() -> AsyncIterator[bytes]:
        try:
            async for part in feed.stream(after=after, audiences=audiences):
                yield part
        finally:
            await counted.__aexit__(None, None, None)

    # Not to be gathered by what lies between: each event goes out as it comes.
    return StreamingResponse(events(), media_type=_EVENTS, headers={**_PRIVATE, "X-Accel-Buffering": "no"})


def feed_of(request: Request) -> Feed:
    """The feed of the app that serves this request."""
    state, database = request.app.state, database_of(request)
    feed: Feed | None = getattr(state, "feed", None)
    if feed is None or feed.database is not database:
        feed = state.feed = Feed(database, state.metadata.tables[TABLE], state.stopping)
    return feed


def _declared() -> dict[str, Any]:
    declared = operation(role="integrator", scope="changes:read", problems=(410, 503))
    event = "id: 1043\nevent: change\ndata: {...}\n\n"
    stream = {_EVENTS: {"schema": {"type": "string"}, "examples": {"change": {"value": event}}}}
    declared["responses"] = {**declared["responses"], 200: {"content": stream}}
    return declared
