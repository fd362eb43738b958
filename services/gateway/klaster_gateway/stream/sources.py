"""One service's feed, followed once for all listeners; the latest changes are kept for those who come back."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import structlog
from pydantic_core import to_json

from klaster_shared.errors import PositionGone, Problem

WAIT = 8  # seconds of a long poll; less than the client's own patience
AGAIN = 1.0  # seconds until a service that is away is asked again
BREATH = 0.05  # seconds between two pages: a service that writes a thousand times a second is asked twenty times
KEPT_CHANGES = 5_000
KEPT_BYTES = 8 * 1024 * 1024
FROM_NOW_ON = -1
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """One change, written as it goes out."""

    position: int
    audience: str
    kind: str
    collection: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in commit order, and the position that they were looked for up to."""

    changes: Sequence[Change]
    next: int


def page_of(service: str, found: dict[str, Any]) -> Page:
    """A service's page of changes; raises KeyError, TypeError or ValueError where it is none."""
    changes = [
        Change(
            position=int(item["position"]),
            audience=item["audience"],
            kind=item["kind"],
            collection=item["collection"],
            data=to_json({"service": service, **item}),  # JSON without line breaks: one line of an event
        )
        for item in found["items"]
    ]
    return Page(changes, int(found["next"]))


Read = Callable[[str, int, int], Awaitable[Page]]
"""Asks a service for the changes behind a position, waiting for so many seconds."""


@dataclass(slots=True)
class Source:
    """How far a service's feed has been read, and what is kept of it: everything behind `first`, up to `last`."""

    service: str
    read: Read
    first: int | None = None
    last: int = 0
    away: bool = False
    lives: int = 0  # how often the feed has begun anew: restored from an older copy, or compacted beyond us
    _kept: "deque[Change]" = field(default_factory=deque)
    _bytes: int = 0

    async def follow(self, tell: Callable[[], None]) -> None:
        """Follow until cancelled; `tell` is called when there is something new to say."""
        while True:
            try:
                page = await self._next()
                news = bool(page.changes) or self.away or self.first is None
                self._take(page)
                pause = BREATH
            except PositionGone:
                log.warning("feed_begins_anew", feed=self.service, position=self.last)
                self._begin_anew()
                news, pause = True, AGAIN
            except (Problem, KeyError, TypeError, ValueError) as error:
                log.debug("feed_lost", feed=self.service, error=f"{type(error).__name__}: {error}")
                news, pause = not self.away, AGAIN
                self.away = True
            if news:
                tell()
            await asyncio.sleep(pause)

    def behind(self, position: int, *, limit: int) -> Page | None:
        """What is kept behind a position; None where it goes on from before what is kept."""
        if self.first is None or position < self.first:
            return None
        if position >= self.last:
            return Page((), position)
        found = list(islice((change for change in self._kept if change.position > position), limit))
        return Page(found, found[-1].position if len(found) == limit else self.last)

    async def _next(self) -> Page:
        if self.first is None:
            return await self.read(self.service, FROM_NOW_ON, 0)
        # A service that was away is not waited for: listeners are to hear at once that it is back.
        return await self.read(self.service, self.last, 0 if self.away else WAIT)

    def _take(self, page: Page) -> None:
        if self.first is None:
            self.first = page.next
        self.last, self.away = page.next, False
        self._kept.extend(page.changes)
        self._bytes += sum(len(change.data) for change in page.changes)
        while len(self._kept) > KEPT_CHANGES or self._bytes > KEPT_BYTES:
            gone = self._kept.popleft()
            self._bytes -= len(gone.data)
            self.first = gone.position

    def _begin_anew(self) -> None:
        self._kept.clear()
        self._bytes, self.first, self.last = 0, None, 0
        self.lives += 1
