"""Bodies of requests: small ones are read whole, larger ones pass through as they come."""

from collections.abc import AsyncIterator, Callable

from starlette.types import Receive

from klaster_gateway.forwarding.errors import ClientGone
from klaster_gateway.forwarding.head import Head
from klaster_shared.errors import TooLarge

READ_WHOLE = 64 * 1024  # bytes; below, one write carries head and body, and a stale connection can be tried again


class BodyStream:
    """A body on its way: read from the client no faster than the service takes it, and no further than its limit."""

    def __init__(self, receive: Receive, *, limit: int, at_end: Callable[[], None]) -> None:
        self._receive = receive
        self._limit = limit
        self._at_end = at_end
        self._begun = False
        self.too_large = False
        self.client_gone = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        # The client library tries again on a stale connection; what was read from the caller cannot be read again.
        if self._begun:
            raise ConnectionResetError("the body has been sent once already")
        self._begun = True
        return self._chunks()

    async def _chunks(self) -> AsyncIterator[bytes]:
        seen, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.client_gone = True
                raise ClientGone
            chunk: bytes = message.get("body", b"")
            seen += len(chunk)
            if seen > self._limit:
                self.too_large = True
                raise too_large(self._limit)
            more = message.get("more_body", False)
            if chunk:
                yield chunk
        self._at_end()


def too_large(limit: int) -> TooLarge:
    """The problem of a body over the limit.

    The connection stays: the server throws the rest of the body away as it comes. Closed at once, with bytes unread, it
    would be reset, and most clients would never see why.
    """
    return TooLarge(f"This operation takes up to {limit} bytes")


def check_length(head: Head, limit: int) -> None:
    """Refuse a body that says itself that it is too large, before any of it is read."""
    if head.length is not None and head.length > limit:
        raise too_large(limit)


async def read_whole(receive: Receive) -> bytes:
    """A small body in one piece; raises ClientGone where it never comes."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
