"""An answer on its way out: what every caller is told beside it, and what it says of itself for our own use."""

from collections.abc import Callable

from starlette.types import Message, Send

from klaster_gateway.browsers.keeping import NOT_KEPT, Kept, kept
from klaster_gateway.forwarding.forwarder import GONE
from klaster_gateway.forwarding.metrics import NO_OPERATION
from klaster_gateway.limits.rates import Taken

# An answer is what its type says, and a page here is shown in no frame.
_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY")]
_SAID_HERE = frozenset({b"access-control-allow-origin", *(name for name, _value in _ALWAYS)})
_CACHE = b"cache-control"
_CLOSE = (b"connection", b"close")
_COST = b"x-klaster-cost"  # how services say what a batch turned out to cost; nobody outside is told


class Outgoing:
    """Sends an answer with what caller and browser are told beside it; notes what the answer says it cost."""

    __slots__ = (
        *("_send", "before_answer", "browser", "cost", "kept_by", "last", "taken"),
        *("headers", "operation", "status", "waits"),
    )

    def __init__(self, send: Send, *, last: bool) -> None:
        self._send = send
        self.last = last  # of its connection: a gateway that stops says so, and nobody sends another into the void
        self.taken: Taken | None = None
        self.browser: list[tuple[bytes, bytes]] = []
        self.cost = 0
        self.kept_by: Kept = "whoever the service says"
        self.before_answer: Callable[[], None] | None = None
        self.operation = NO_OPERATION
        self.status = GONE
        self.headers: list[tuple[bytes, bytes]] = []  # as they went out
        self.waits = False  # on purpose: how long says nothing

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.before_answer is not None:
                self.before_answer()
            headers = [*_ALWAYS, *self.browser]
            if self.last and _CLOSE not in message["headers"]:
                headers.append(_CLOSE)
            for pair in message["headers"]:
                if pair[0] == _COST:
                    self.cost = int(pair[1])
                elif pair[0] == _CACHE:
                    headers.append((_CACHE, kept(pair[1], self.kept_by)))
                elif pair[0] not in _SAID_HERE:
                    headers.append(pair)
            if self.kept_by == "nobody" and not any(name == _CACHE for name, _value in headers):
                headers.append((_CACHE, NOT_KEPT))
            if self.taken is not None:
                headers += self.taken.headers
            message["headers"] = self.headers = headers
        await self._send(message)
