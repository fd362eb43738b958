"""What browsers are told of operations that pages of any origin may call (CORS), always without credentials."""

from collections.abc import Iterable

from starlette.types import Message, Send

_ANYWHERE = (b"access-control-allow-origin", b"*")
_EXPOSED = (b"access-control-expose-headers", b"etag, link, ratelimit, ratelimit-policy, retry-after, x-request-id")
_KEPT = "86400"  # seconds; browsers keep it for two hours at most


def readable_anywhere(send: Send) -> Send:
    """Sends the same answer, good or bad, as one that any page may read."""

    async def send_readable(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), _ANYWHERE, _EXPOSED]}
        await send(message)

    return send_readable


def preflight(methods: Iterable[str]) -> dict[str, str]:
    """What a browser asks before it sends a header of its own (a key is one: a page may have been given its own)."""
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": "accept, accept-language, authorization, content-type, x-request-id",
        "Access-Control-Max-Age": _KEPT,
    }
