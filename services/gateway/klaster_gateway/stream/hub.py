"""Everybody who listens, and the feeds that they listen to."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import randrange
from time import monotonic

from klaster_gateway.stream.positions import written
from klaster_gateway.stream.sources import Page, Read, Source
from klaster_shared.changes import audiences_of
from klaster_shared.errors import PositionGone, Problem

KEEP_ALIVE = 15.0  # seconds of silence after which a stream says that it is alive
STREAM_SECONDS = 600.0  # then a stream ends and is asked for anew
AT_ONCE = 100  # changes that are written in one piece: what waits for a slow reader stays small
REACHES_BACK = 10_000  # positions that a stream goes back for those who may not follow a feed from its beginning
BEGINS_WITHIN = 2.0  # seconds; what is not known of a service by then begins when it is
FOLLOWER = "integrator"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a listener may see, and what of it they asked for; empty means all."""

    role: str
    services: Collection[str] = ()
    collections: Collection[str] = ()
    kinds: Collection[str] = ()

    @property
    def audiences(self) -> frozenset[str]:
        """Whose changes they see."""
        return frozenset(audiences_of(self.role))


@dataclass(slots=True)
class Listener:
    """Where a listener is."""

    wanted: Wanted
    at: dict[str, int]
    lives: Mapping[str, int]
    told_away: set[str] = field(default_factory=set)


class Hub:
    """The sources, and one bell for all who listen."""

    def __init__(self, services: Iterable[str], read: Read, *, stopping: asyncio.Event) -> None:
        self.sources = {service: Source(service, read) for service in services}
        self._read = read
        self._stopping = stopping
        self._news = asyncio.Event()
        self._wanted = asyncio.Event()

    async def follow(self) -> None:
        """Follow every service, from the first listener on until cancelled; ends all streams when the gateway stops."""
        await self._wanted.wait()
        following = [asyncio.create_task(source.follow(self._tell)) for source in self.sources.values()]
        try:
            await self._stopping.wait()
            self._tell()
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)

    def positions(self) -> dict[str, int]:
        """How far each feed has been read; nothing before the first listener."""
        return {name: source.last for name, source in self.sources.items() if source.first is not None}

    async def admit(self, wanted: Wanted, positions: Mapping[str, int]) -> Listener:
        """A listener from these positions on, and from now on where none is told; raises PositionGone."""
        services = wanted.services or self.sources
        await self._begin()
        for service in services:
            if service in positions:
                await self._check(self.sources[service], positions[service], wanted)
        return Listener(
            wanted, {**self.positions(), **positions}, {name: one.lives for name, one in self.sources.items()}
        )

    async def _begin(self) -> None:
        """The first listener waits until it is known where each feed ends, or that its service is away."""
        self._wanted.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(BEGINS_WITHIN):
                while any(source.first is None and not source.away for source in self.sources.values()):
                    await self._news.wait()

    async def _check(self, source: Source, position: int, wanted: Wanted) -> None:
        if source.behind(position, limit=1) is not None and position <= source.last:
            return
        if source.last - position > REACHES_BACK and FOLLOWER not in wanted.audiences:
            raise PositionGone(f"Your position in {source.service} is too far back: read what you show anew")
        try:
            await self._read(source.service, position, 0)
        except PositionGone as gone:
            raise PositionGone(f"{source.service} does not go on from {position}: read what you show anew") from gone
        except (Problem, KeyError, TypeError, ValueError):
            return  # away: it is gone on with when it is back

    async def listen(self, listener: Listener) -> AsyncIterator[bytes]:
        """Server-Sent Events; ends when the time is over, or the gateway stops."""
        until = monotonic() + STREAM_SECONDS * randrange(90, 110) / 100  # noqa: S311 # no secret
        # A moment of their own for everybody: after a restart they do not all come back at once.
        yield b"retry: %d\n%b\n" % (randrange(1000, 3000), _id(listener))  # noqa: S311 # no secret
        while not self._stopping.is_set() and monotonic() < until:
            news = self._news
            try:
                found = await self._collect(listener)
            except PositionGone:
                return  # asked for anew, it is refused with its reason
            silent = not found and not await self._rings(news)
            if found or silent:
                yield found or b": still here\n%b\n" % _id(listener)

    async def _rings(self, news: asyncio.Event) -> bool:
        try:
            await asyncio.wait_for(news.wait(), KEEP_ALIVE)
        except TimeoutError:
            return False
        return True

    async def _collect(self, listener: Listener) -> bytes:
        parts: list[bytes] = []
        for service in listener.wanted.services or self.sources:
            source = self.sources[service]
            if source.lives != listener.lives[service]:
                raise PositionGone
            parts += _state(source, listener)
            if source.first is None:
                continue
            parts += await self._changes(source, listener)
        return b"".join(parts)

    async def _changes(self, source: Source, listener: Listener) -> list[bytes]:
        """What is new of one service; asks on until something is for these eyes, or nothing is left."""
        parts: list[bytes] = []
        at = listener.at.setdefault(source.service, source.first or 0)
        while not parts and at < source.last:
            page = source.behind(at, limit=AT_ONCE) or await self._older(source, at)
            if page is None:
                break
            parts = self._written(page, listener, source.service)
            at = listener.at[source.service] = page.next
        return parts

    async def _older(self, source: Source, at: int) -> Page | None:
        """From before what is kept: the service itself is asked. Never further than its follower has read."""
        try:
            page = await self._read(source.service, at, 0)
        except PositionGone:
            raise
        except (Problem, KeyError, TypeError, ValueError):
            return None
        return Page([one for one in page.changes if one.position <= source.last], min(page.next, source.last))

    def _written(self, page: Page, listener: Listener, service: str) -> list[bytes]:
        wanted, audiences, parts = listener.wanted, listener.wanted.audiences, []
        for change in page.changes:
            if change.audience not in audiences:
                continue
            if wanted.collections and change.collection not in wanted.collections:
                continue
            if wanted.kinds and change.kind not in wanted.kinds:
                continue
            listener.at[service] = change.position
            parts.append(b"%bevent: change\ndata: %b\n\n" % (_id(listener), change.data))
        return parts

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _id(listener: Listener) -> bytes:
    return b"id: %b\n" % written(listener.at).encode() if listener.at else b""


def _state(source: Source, listener: Listener) -> list[bytes]:
    """Said once when a service goes away, and once when it is back: nothing of it comes in between."""
    name = source.service
    if source.away == (name in listener.told_away):
        return []
    (listener.told_away.add if source.away else listener.told_away.discard)(name)
    state = b"away" if source.away else b"back"
    return [b'event: service\ndata: {"service":"%b","state":"%b"}\n\n' % (name.encode(), state)]
