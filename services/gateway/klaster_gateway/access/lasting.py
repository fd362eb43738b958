"""Requests that last: a stream goes on for as long as its caller would be let in, and no longer."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive

from klaster_gateway.caller import Caller
from klaster_shared.errors import Forbidden, Unauthenticated

CHECKED_EACH = 0.5  # seconds; with as long for which a key is remembered, a revoked one reads nothing a second later


class WhileKnown:
    """What a client sends, and that it has left once its key, token or grant holds no longer.

    Whoever forwards or streams watches for that in any case, to end the work for a client that is gone.
    """

    def __init__(self, receive: Receive, caller: Caller, recognise: Callable[[], Awaitable[Caller]]) -> None:
        self._receive = receive
        self._caller = caller
        self._recognise = recognise

    async def __call__(self) -> Message:
        waiting = asyncio.ensure_future(self._receive())
        try:
            while not (await asyncio.wait({waiting}, timeout=CHECKED_EACH))[0]:
                if not await self._is_still_let_in():
                    return {"type": "http.disconnect"}
            return waiting.result()
        finally:
            waiting.cancel()

    async def _is_still_let_in(self) -> bool:
        try:
            now = await self._recognise()
        except (Unauthenticated, Forbidden):
            return False
        except Exception:  # a database or an issuer that is away ends nobody's stream
            return True
        return (now.role, now.entity, now.scopes) == (self._caller.role, self._caller.entity, self._caller.scopes)
