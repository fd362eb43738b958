"""The answer that does not end: written as changes come, dropped where nobody reads it."""

import asyncio
from collections.abc import AsyncIterator

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from klaster_shared.protocol import ABORT

PATIENCE = 20.0  # seconds that a reader may leave what was written unread
log = structlog.get_logger(__name__)


class EventStream(Response):
    """Server-Sent Events; the work for them ends when the client leaves, or reads too slowly."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], *, patience: float = PATIENCE) -> None:
        # Not to be gathered by what lies between: each event goes out as it comes.
        super().__init__(headers={"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events = events
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write until the events end."""
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_until_gone(receive))
        tasks: set[asyncio.Task[None]] = {writing, leaving}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if writing.done():
                writing.result()
            else:
                await self._end(writing, send)
        except TimeoutError:
            log.info("slow_reader_dropped")
            abort = scope.get("extensions", {}).get(ABORT)
            if abort is not None:
                abort["abort"]()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _end(self, writing: "asyncio.Task[None]", send: Send) -> None:
        """Close what was begun: for a client that has left it goes nowhere, one let in no longer sees an end."""
        writing.cancel()
        await asyncio.wait({writing})
        async with asyncio.timeout(self._patience):
            await send({"type": "http.response.body", "body": b""})

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for part in self._events:
            async with asyncio.timeout(self._patience):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
