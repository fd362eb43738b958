"""An export as the answer to a request: written as it is read, and no faster than its caller takes it."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from klaster_registry.exports.writers import Taken
from klaster_shared.errors import Unavailable

AT_ONCE = 4  # of a pool of ten connections: reading goes on while exports are written
PATIENCE = 60.0  # seconds for a caller to take a portion; a snapshot is not held for one that has stopped reading
PORTION = 64 * 1024  # bytes; smaller ones cost more to send than to hold

Produce = Callable[["Outlet"], Awaitable[None]]
Headers = Callable[[Taken], Mapping[str, str]]


class Places:
    """How many exports are written at once."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._free = most

    def __enter__(self) -> None:
        if not self._free:
            raise Unavailable("Too many exports are being written at the moment", headers={"Retry-After": "10"})
        self._free -= 1

    def __exit__(self, *_: object) -> None:
        self._free += 1


class Outlet:
    """Where an export goes: it begins the answer when it knows its headers, and sends what has come together."""

    def __init__(self, send: Send, headers: Headers, *, compressed: bool) -> None:
        self._send = send
        self._headers = headers
        self._gzip = zlib.compressobj(1, wbits=31) if compressed else None
        self._parts: list[bytes] = []
        self._held = 0
        self._portion = 1  # the first bytes go at once: a caller sees that it has begun

    async def begin(self, taken: Taken) -> None:
        """Send the headers."""
        raw = [(name.lower().encode(), value.encode()) for name, value in self._headers(taken).items()]
        await self._pass({"type": "http.response.start", "status": 200, "headers": raw})

    async def write(self, data: bytes) -> None:
        """Send the next bytes, together with those before if there were few."""
        if data:
            self._parts.append(data)
            self._held += len(data)
            if self._held >= self._portion:
                await self._flush()
                self._portion = PORTION

    async def _flush(self) -> None:
        data, self._parts, self._held = b"".join(self._parts), [], 0
        if self._gzip is not None:
            data = await asyncio.to_thread(self._gzip.compress, data)
        if data:
            await self._pass({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        """Send what is left; an answer without its end is cut short, and the caller's client says so."""
        await self._flush()
        await self._pass({"type": "http.response.body", "body": self._gzip.flush() if self._gzip else b""})

    async def _pass(self, message: dict[str, object]) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._send(message)


class StreamedExport(Response):
    """Opens its snapshot when it is sent, and closes it when the caller leaves."""

    def __init__(self, produce: Produce, *, headers: Headers, compressed: bool, places: Places) -> None:
        super().__init__()
        self._produce = produce
        self._told = headers
        self._compressed = compressed
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the export into the answer."""
        with self._places:
            outlet = Outlet(send, self._told, compressed=self._compressed)
            writing = asyncio.ensure_future(self._write(outlet))
            leaving = asyncio.ensure_future(_left(receive))
            try:
                await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if writing.done():
                    writing.result()
            finally:
                for task in (writing, leaving):
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        if not task.done():
                            await task

    async def _write(self, outlet: Outlet) -> None:
        await self._produce(outlet)
        await outlet.end()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
