"""Cross-origin requests (CORS): public reads for every page, the rest for pages of configured origins.

Never with credentials: there are no cookies here, and whoever has a key sends it on purpose.
"""

from collections.abc import Collection

from klaster_gateway.forwarding.table import Operation

Headers = list[tuple[bytes, bytes]]
SAFE = frozenset({"GET", "HEAD"})
_ORIGIN = b"access-control-allow-origin"
_VARY = (b"vary", b"Origin")
# What a page's script may read beyond the few headers that browsers allow by themselves.
_EXPOSED = (
    b"access-control-expose-headers",
    (
        b"ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID, Idempotency-Replayed, "
        b"Klaster-Position"
    ),
)
_ASKED_FOR = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Klaster-Entity, Last-Event-ID"
_KEPT = "600"  # seconds that a browser may remember the answer to a preflight


def is_public(operation: Operation, method: str) -> bool:
    """Whether any page may read the answer: it is the same for everybody."""
    return operation.cross_origin or (operation.role == "anonymous" and method in SAFE)


def headers_for(origin: str | None, *, public: bool, allowed: Collection[str]) -> Headers:
    """What an answer says to the browser that shows a page of this origin."""
    if public:
        return [(_ORIGIN, b"*"), _EXPOSED]
    if origin is not None and origin in allowed:
        return [(_ORIGIN, origin.encode()), _VARY, _EXPOSED]
    return [_VARY] if allowed else []


def preflight_for(origin: str | None, *, methods: Collection[str], public: bool, allowed: Collection[str]) -> Headers:
    """The answer to a browser that asks before it sends; nothing where it may not."""
    headers = headers_for(origin, public=public, allowed=allowed)
    if headers and headers[0][0] == _ORIGIN:
        headers += [
            (b"access-control-allow-methods", ", ".join(methods).encode()),
            (b"access-control-allow-headers", _ASKED_FOR.encode()),
            (b"access-control-max-age", _KEPT.encode()),
        ]
    return headers
