"""Hearing of changes: one long poll for each service, so that what is kept holds no longer than a moment."""

import asyncio

import structlog
from pydantic import BaseModel

from klaster_gateway.cache.store import Store
from klaster_gateway.clients.neighbours import Neighbours
from klaster_shared.errors import PositionGone, Problem

WAIT = 8  # seconds; less than the client's own patience
AGAIN = 1.0  # seconds until a service that is away is asked again
BREATH = 0.05  # seconds between two looks: a service that writes a thousand times a second is asked twenty times
FROM_NOW_ON = -1
log = structlog.get_logger(__name__)


class Page(BaseModel):
    """How far a feed has come; the changes themselves are of no interest here."""

    next: int


async def follow(store: Store, neighbours: Neighbours) -> None:
    """Follow every service until cancelled."""
    await asyncio.gather(*(_follow(store, neighbours, service) for service in neighbours.names))


async def _follow(store: Store, neighbours: Neighbours, service: str) -> None:
    while True:
        try:
            await _listen(store, neighbours, service)
        except PositionGone:
            continue  # restored from an older copy: begin anew
        except Problem as problem:
            store.lose(service)
            log.debug("feed_lost", service=service, problem=problem.code)
            await asyncio.sleep(AGAIN)


async def _listen(store: Store, neighbours: Neighbours, service: str) -> None:
    position = await _look(neighbours, service, after=FROM_NOW_ON)
    store.follow(service)
    while True:
        if await _look(neighbours, service, after=position, wait=WAIT) == position:
            continue
        # The end is looked up first: what is noted as changed then holds everything up to it.
        position = await _look(neighbours, service, after=FROM_NOW_ON)
        store.note_change(service)
        await asyncio.sleep(BREATH)


async def _look(neighbours: Neighbours, service: str, *, after: int, wait: int = 0) -> int:
    page = await neighbours.as_ourselves(
        service, f"/v1/{service}/changes", Page, scope="changes:read", params={"after": after, "wait": wait, "limit": 1}
    )
    return page.next
