"""Answering from what is kept, and keeping what is answered."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from urllib.parse import parse_qsl

from prometheus_client import Counter
from starlette.types import Message, Scope, Send

from klaster_gateway.cache.store import FRESH_SECONDS, MAX_ENTRY, Entry, Headers, Key, Store, is_fresh
from klaster_gateway.forwarding.head import Head

Ask = Callable[[Send, Head], Awaitable[None]]
_ANSWERED = Counter("klaster_gateway_cache", "Public reads without a key, by where the answer came from", ["from"])
_HIT, _REVALIDATED, _MISS, _PASSED = (
    _ANSWERED.labels(each) for each in ("cache", "cache_revalidated", "service", "service_not_kept")
)
_LONGEST = 300  # bytes of a negotiating header: longer ones are answered, and not kept
_NOT_KEPT = frozenset({b"set-cookie", b"content-encoding", b"content-range"})
_VARIES_BY = frozenset({"accept", "accept-language", "origin"})
_CONDITIONAL = frozenset({"range", "if-range", "if-modified-since", "if-unmodified-since", "if-match", "cache-control"})
_NOT_MODIFIED = frozenset({b"cache-control", b"content-language", b"etag", b"expires", b"link", b"vary"})


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer came from: an entry, by its key and the moment at which it was made."""

    key: Key
    made_of: Sequence[str]
    made_at: float


def note_hit() -> None:
    """Count an answer that came from what is kept."""
    _HIT.inc()


class Cache:
    """Stands before what answers, for callers without a key alone: nobody sees what was made for another."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def serve(
        self, scope: Scope, head: Head, send: Send, *, made_of: Sequence[str], only_head: bool, ask: Ask
    ) -> Found | None:
        """Answer, from what is kept where that still holds, else by asking; `made_of`: the services behind.

        Says what was kept, where that alone was the answer.
        """
        key, state = _key(scope, head), self.store.state(made_of)
        if key is None or state is None:
            _PASSED.inc()
            await ask(send, head)
            return None
        entry = self.store.find(key)
        if entry is not None and is_fresh(entry, state):
            note_hit()
            await _answer(entry, head, send, only_head=only_head)
            return Found(key, made_of, entry.made_at)
        await self._refresh(key, entry, state, head, send, only_head=only_head, ask=ask)
        return None

    async def _refresh(
        self,
        key: Key,
        entry: Entry | None,
        state: tuple[int, ...],
        head: Head,
        send: Send,
        *,
        only_head: bool,
        ask: Ask,
    ) -> None:
        # A caller who has what is kept here asks the same question as we do, and their 304 renews it.
        own = entry.etag if entry is not None and _same_question(entry, head) else None
        recorder = _Recorder(send, ours=own is not None)
        await ask(recorder, head if own is None else _asking(head, own))
        if recorder.unchanged and entry is not None:
            _REVALIDATED.inc()
            self.store.keep(key, replace(entry, made_of=state, fresh_until=monotonic() + FRESH_SECONDS))
            await _answer(entry, head, send, only_head=only_head)
            return
        _MISS.inc()
        if not only_head and (made := recorder.entry(state)) is not None:
            self.store.keep(key, made)


class _Recorder:
    """Passes an answer on and writes it down; swallows a 304 to a condition that is ours and not the caller's."""

    def __init__(self, send: Send, *, ours: bool) -> None:
        self._send = send
        self._ours = ours
        self._headers: Headers | None = None
        self._body = bytearray()
        self._whole = False
        self.unchanged = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] == 304 and self._ours:
                self.unchanged = True
                return
            if message["status"] == 200 and _may_keep(message["headers"]):
                self._headers = [pair for pair in message["headers"] if pair[0] != b"x-request-id"]
        elif self.unchanged:
            return
        elif self._headers is not None:
            self._note(message)
        await self._send(message)

    def _note(self, message: Message) -> None:
        self._body += message.get("body", b"")
        self._whole = not message.get("more_body", False)
        if len(self._body) > MAX_ENTRY:
            self._headers = None

    def entry(self, made_of: tuple[int, ...]) -> Entry | None:
        """What was answered, where it may be kept and is whole."""
        if self._headers is None or not self._whole:
            return None
        now = monotonic()
        etag = next((value for name, value in self._headers if name == b"etag"), None)
        return Entry(self._headers, bytes(self._body), etag, made_of, now, now + FRESH_SECONDS)


def _key(scope: Scope, head: Head) -> Key | None:
    """What answers differ by; None where this one is better not kept."""
    accept = language = ""
    if head.length or head.chunked:
        return None
    for name, value in head.forwarded:
        if name == "accept":
            accept = value
        elif name == "accept-language":
            language = value
        elif name in _CONDITIONAL:
            return None
    if len(accept) + len(language) > _LONGEST:
        return None
    try:
        pairs = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None
    # The order between parameters says nothing, that of one parameter's values may.
    query = tuple(f"{name}={value}" for name, value in sorted(pairs, key=lambda pair: pair[0]))
    return (scope["raw_path"], query, accept, language)


def _may_keep(headers: Headers) -> bool:
    cache = vary = b""
    for name, value in headers:
        if name in _NOT_KEPT:
            return False
        if name == b"cache-control":
            cache = value
        elif name == b"vary":
            vary = value
    varies = {part.strip().lower() for part in vary.decode("latin-1").split(",") if part.strip()}
    return b"public" in cache and b"no-store" not in cache and varies <= _VARIES_BY


def _same_question(entry: Entry, head: Head) -> bool:
    return head.if_none_match is None or (entry.etag is not None and _holds(head.if_none_match, entry.etag))


def _asking(head: Head, etag: bytes) -> Head:
    others = [pair for pair in head.forwarded if pair[0] != "if-none-match"]
    return replace(head, forwarded=[*others, ("if-none-match", etag.decode("latin-1"))])


async def _answer(entry: Entry, head: Head, send: Send, *, only_head: bool) -> None:
    age = (b"age", b"%d" % (monotonic() - entry.made_at))
    if entry.etag is not None and _holds(head.if_none_match, entry.etag):
        told = [pair for pair in entry.headers if pair[0] in _NOT_MODIFIED]
        await send({"type": "http.response.start", "status": 304, "headers": [*told, age, _named(head)]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*entry.headers, age, _named(head)]})
    await send({"type": "http.response.body", "body": b"" if only_head else entry.body})


def _named(head: Head) -> tuple[bytes, bytes]:
    return (b"x-request-id", head.request_id)


def _holds(condition: str | None, etag: bytes) -> bool:
    """Whether the caller has this representation already (weak comparison, RFC 9110, 13.1.2)."""
    if condition is None:
        return False
    tag = etag.decode("latin-1").removeprefix("W/")
    return condition.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in condition.split(",")}
