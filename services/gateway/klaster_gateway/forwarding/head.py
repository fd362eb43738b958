"""The head of a request: read once, checked once, and cleaned of what concerns one connection only (RFC 9110, 7.6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import getrandbits

from klaster_gateway.forwarding.errors import AmbiguousLength, HeadersTooLarge, TargetTooLong
from klaster_shared.errors import Malformed

MAX_TARGET = 48 * 1024
MAX_HEADERS = 32 * 1024
# A name or an address, and a port (RFC 9110, 7.2): nothing that somebody could take for a path or a password.
_HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:\[\]%-]*")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~-]{1,128}")

# Of one connection only; `expect` too: the gateway itself has said 100 by the time a body arrives.
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Said anew by the gateway, or nothing that a stranger may say to a service.
_OURS = frozenset({b"authorization", b"host", b"x-request-id", b"expect", b"forwarded", b"x-real-ip"})
_NOT_FORWARDED = HOP_BY_HOP | _OURS
_INTERNAL = (b"x-klaster-", b"x-forwarded-")
# Said by the gateway's own server, once; a request id is ours to tell.
_SAID_ANEW = frozenset({b"date", b"x-request-id"})
_LISTED_IN_VAIN = frozenset({b"keep-alive", b"close", b""})


@dataclass(slots=True)
class Head:
    """What the gateway needs of a request's headers."""

    request_id: bytes = b""
    authorization: str | None = None
    origin: str | None = None
    if_none_match: str | None = None
    entity: str | None = None
    length: int | None = None
    chunked: bool = False
    forwarded: list[tuple[str, str]] = field(default_factory=list)


def read_head(headers: Iterable[tuple[bytes, bytes]]) -> Head:
    """Read the headers in one pass; raises a problem where they are too large or contradict each other."""
    head = Head()
    kept: list[tuple[bytes, bytes]] = []
    listed: set[bytes] = set()
    size = 0
    for name, value in headers:
        size += len(name) + len(value)
        if name not in _NOT_FORWARDED:
            if name == b"content-length":
                _note_length(head, value)
            elif name == b"origin":
                head.origin = value.decode("latin-1")
            elif name == b"if-none-match":
                head.if_none_match = value.decode("latin-1")
            elif name == b"klaster-entity":
                head.entity = value.decode("latin-1")
                continue  # what it means stands in the internal token
            kept.append((name, value))
        elif name == b"authorization":
            _note_authorization(head, value)
        elif name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            head.request_id = value
        elif name == b"transfer-encoding":
            _note_encoding(head, value)
        elif name == b"connection":
            listed |= {token.strip().lower() for token in value.split(b",")} - _LISTED_IN_VAIN
    if size > MAX_HEADERS:
        raise HeadersTooLarge(f"All headers together may hold {MAX_HEADERS} bytes")
    if head.chunked and head.length is not None:
        raise AmbiguousLength("Send Content-Length or Transfer-Encoding, never both")
    # A name, not a secret: the system's own randomness costs 50 us in some containers.
    head.request_id = head.request_id or b"%032x" % getrandbits(128)
    head.forwarded = _readable(kept, listed)
    return head


def check_framing(headers: Iterable[tuple[bytes, bytes]], head: Head, version: str) -> None:
    """What a version of HTTP asks of a head: raises Malformed, or AmbiguousLength."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (hosts and not _HOST.fullmatch(hosts[0])):
        raise Malformed("Host is one name or address, with a port or without")
    if version == "1.1" and not hosts:
        raise Malformed("A request says in `Host` who is asked")
    if version == "1.0" and head.chunked:
        raise AmbiguousLength("Before version 1.1 there was no Transfer-Encoding")


def target_of(raw_path: bytes, query: bytes) -> str:
    """Path and query as they were written, byte by byte."""
    if len(raw_path) + len(query) > MAX_TARGET:
        raise TargetTooLong(f"Path and query together may hold {MAX_TARGET} bytes")
    try:
        return f"{raw_path.decode('ascii')}?{query.decode('ascii')}" if query else raw_path.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("Path and query are ASCII: encode other characters with %") from error


def _note_length(head: Head, value: bytes) -> None:
    if head.length is not None or not value.isdigit():
        raise AmbiguousLength("Content-Length is one whole number")
    head.length = int(value)


def _note_authorization(head: Head, value: bytes) -> None:
    if head.authorization is not None:
        raise Malformed("There is more than one Authorization header")
    head.authorization = value.decode("latin-1")


def _note_encoding(head: Head, value: bytes) -> None:
    if head.chunked or value.strip().lower() != b"chunked":
        raise AmbiguousLength("Transfer-Encoding is `chunked`, once, or absent")
    head.chunked = True


def _readable(kept: list[tuple[bytes, bytes]], listed: set[bytes]) -> list[tuple[str, str]]:
    try:
        return [
            (name.decode(), value.decode())
            for name, value in kept
            if name not in listed and not name.startswith(_INTERNAL)
        ]
    except UnicodeDecodeError as error:
        # The client library writes text as UTF-8; other bytes would arrive changed, which is worse than a refusal.
        raise Malformed("Header values are ASCII or UTF-8") from error


def answer_headers(raw: Iterable[tuple[bytes, bytes]], *, without_length: bool) -> list[tuple[bytes, bytes]]:
    """A service's headers as the caller gets them; our own request id comes on top."""
    listed: set[bytes] = set()
    kept = []
    for mixed, value in raw:
        name = mixed.lower()
        if name == b"connection":
            listed = {token.strip().lower() for token in value.split(b",")} - _LISTED_IN_VAIN
        if name in HOP_BY_HOP or name in _SAID_ANEW or (without_length and name == b"content-length"):
            continue
        kept.append((name, value))
    return [pair for pair in kept if pair[0] not in listed] if listed else kept
