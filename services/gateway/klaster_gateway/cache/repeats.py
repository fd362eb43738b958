"""Requests that say, byte for byte, what one before them said: answered where the bytes come in, below ASGI.

What a head means was found out once, in the ordinary way: by the parser, the door and the cache. A head of the same
bytes from the same address means the same, as long as what was answered to it is kept and holds. Only what changes from
one answer to the next is made anew: date, age, request id, and what is left of the quota.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import getrandbits
from time import monotonic, perf_counter

from starlette.types import Scope

from klaster_gateway.cache.answering import Found, note_hit
from klaster_gateway.cache.store import Headers, Store, is_fresh
from klaster_gateway.forwarding.metrics import note_answered
from klaster_gateway.limits.rates import Rates, Taken
from klaster_gateway.outgoing import Outgoing
from klaster_shared import telemetry

HEAD = "klaster.head"  # an extension of the scope: the bytes of a request that were one head and nothing else
MOST = 1000  # heads remembered
LONGEST = 2048  # bytes of a head that is remembered
_LENGTH = b"content-length"
_END = b"\r\n\r\n"
# Different each time it is said: remembered, it would never be found again.
_NEVER_TWICE = frozenset({b"x-request-id", b"traceparent", b"tracestate"})
_MADE_ANEW = frozenset({b"age", b"x-request-id", b"ratelimit"})
_STATUS = {200: b"HTTP/1.1 200 OK\r\n", 304: b"HTTP/1.1 304 Not Modified\r\n"}


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to a head: from what, and under which quota."""

    found: Found
    taken: Taken
    operation: str
    status: int
    headers: bytes  # those that are the same each time
    with_body: bool


class Repeats:
    """Remembers heads that were answered from what is kept, and answers them again."""

    def __init__(self, store: Store, rates: Rates, *, is_stopping: Callable[[], bool]) -> None:
        self._store = store
        self._rates = rates
        self._is_stopping = is_stopping
        self._given: dict[tuple[str, bytes], Given] = {}

    def remember(self, scope: Scope, found: Found, sent: Outgoing) -> None:
        """Answer the same bytes in the same way from now on; what was remembered first makes room."""
        said = scope.get("extensions", {}).get(HEAD, {}).get("said")
        if said is None or sent.taken is None or not _may_come_again(scope, said) or telemetry.traces_are_sent():
            return
        with_body = sent.status == 200 and scope["method"] != "HEAD"
        if sent.cost > 1 or sent.last or (with_body and not any(name == _LENGTH for name, _value in sent.headers)):
            return
        if len(self._given) >= MOST:
            del self._given[next(iter(self._given))]
        same = _constant(sent.headers)
        given = Given(found, sent.taken, sent.operation, sent.status, same, with_body)
        self._given[(scope["client"][0], said)] = given

    def answer(self, address: str, said: bytes, *, dated: bytes) -> bytes | None:
        """The whole answer to a head, counted; None where it has to be answered in the ordinary way.

        `dated` stands in it as it is: what the server says in every answer.
        """
        began = perf_counter()
        given = self._given.get((address, said))
        if given is None or self._is_stopping():
            return None
        found = given.found
        entry, state = self._store.find(found.key), self._store.state(found.made_of)
        if entry is None or state is None or entry.made_at != found.made_at or not is_fresh(entry, state):
            del self._given[(address, said)]
            return None
        left = self._rates.take_another(given.taken)
        if left is None:
            return None
        head = b"%b%b%bage: %d\r\nx-request-id: %032x\r\nratelimit: %b\r\n\r\n" % (
            *(_STATUS[given.status], dated, given.headers),
            *(monotonic() - entry.made_at, getrandbits(128), left),
        )
        note_hit()
        note_answered(given.operation, given.status, perf_counter() - began)
        return head + entry.body if given.with_body else head


def is_one_head(said: bytes) -> bool:
    """Whether these bytes may be one head and nothing else, told without reading it."""
    return len(said) <= LONGEST and said.find(_END) == len(said) - len(_END)


def _constant(headers: Headers) -> bytes:
    """Headers as they are sent, but for those that each answer makes anew."""
    return b"".join(b"%b: %b\r\n" % pair for pair in headers if pair[0] not in _MADE_ANEW)


def _may_come_again(scope: Scope, said: bytes) -> bool:
    """Whether nothing in a head makes it the only one of its kind, or the last of its connection."""
    if scope["http_version"] != "1.1" or said.count(b"\n") != said.count(b"\r\n"):
        return False
    return not any(
        name in _NEVER_TWICE or (name == b"connection" and value.lower() != b"keep-alive")
        for name, value in scope["headers"]
    )
