"""The change feed over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.access import operation
from klaster_shared.changes import TABLE, Kind, audiences_of
from klaster_shared.dependencies import CurrentPrincipal, database_of
from klaster_shared.event_streams import EVENTS, declared_events
from klaster_shared.feed import MAX_WAIT, Feed, Found, render_changes
from klaster_shared.routing import api_router

_PRIVATE = {"Cache-Control": "private, no-store"}


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
        if EVENTS in request.headers.get("accept", ""):
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
    return StreamingResponse(events(), media_type=EVENTS, headers={**_PRIVATE, "X-Accel-Buffering": "no"})


def feed_of(request: Request) -> Feed:
    """The feed of the app that serves this request."""
    state, database = request.app.state, database_of(request)
    feed: Feed | None = getattr(state, "feed", None)
    if feed is None or feed.database is not database:
        feed = state.feed = Feed(database, state.metadata.tables[TABLE], state.stopping)
    return feed


def _declared() -> dict[str, Any]:
    declared = operation(role="integrator", scope="changes:read", problems=(410, 503))
    stream = declared_events(names=("change",), data='{"position":"1043","kind":"updated"}')
    declared["responses"] = {**declared["responses"], 200: {"content": stream}}
    return declared
