"""Noticing that a client has left, so that the work for it ends as well."""

import asyncio

from starlette.types import Receive

# Most requests are answered sooner and never pay for a watcher of their own.
ARMED_AFTER = 0.05


class DisconnectWatch:
    """Cancels the task of a request when its client leaves. Started once nobody else reads from the client."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._target = asyncio.current_task()
        self._timer: asyncio.TimerHandle | None = None
        self._watcher: asyncio.Task[None] | None = None
        self.client_gone = False

    def start(self) -> None:
        """Watch from a moment from now on."""
        self._timer = self._loop.call_later(ARMED_AFTER, self._arm)

    def stop(self) -> None:
        """Watch no longer: before the last part of an answer, after which the client may well leave."""
        if self._timer is not None:
            self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()

    def took_it_back(self) -> bool:
        """Whether a cancellation came from here, and not from a server that stops."""
        if self.client_gone and self._target is not None:
            self._target.uncancel()
        return self.client_gone

    def _arm(self) -> None:
        self._watcher = self._loop.create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.client_gone = True
        if self._target is not None:
            self._target.cancel()
