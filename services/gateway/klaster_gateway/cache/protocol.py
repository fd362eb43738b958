"""The protocol that the gateway is served by: it asks first whether a request is one that was answered just now."""

import asyncio

from klaster_gateway.cache.repeats import HEAD, Repeats, is_one_head
from klaster_gateway.limits.slow import PatientProtocol


class RepeatingProtocol(PatientProtocol):
    """Answers what repeats itself as it comes in; all else goes its ordinary way."""

    repeats: Repeats

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else None
        self._said: bytes | None = None
        self._answered_at = 0.0
        self._told: list[tuple[bytes, bytes]] | None = None
        self._dated = b""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._said is not None:
            self.scope["extensions"][HEAD] = {"said": self._said}

    def data_received(self, data: bytes) -> None:
        if self._address is None or not is_one_head(data) or not self._is_between_requests():
            super().data_received(data)
            return
        answer = self.repeats.answer(self._address, data, dated=self._said_by_the_server())
        if answer is None:
            self._said = data
            super().data_received(data)
            self._said = None
        else:
            self.transport.write(answer)
            self.server_state.total_requests += 1
            self._idle()

    def timeout_keep_alive_handler(self) -> None:
        """What was answered at once did not wind the clock: it is looked at when it rings."""
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _is_between_requests(self) -> bool:
        if self._part is not None and (self._part == "body" or self._came):
            return False  # the bytes are the rest of something
        cycle = self._last_cycle()
        return (
            (cycle is None or cycle.response_complete)
            and not self.flow.write_paused
            and not self.flow.read_paused
            and not self.transport.is_closing()
        )

    def _idle(self) -> None:
        """As after any answer: no head is awaited, and a connection that stays silent is closed."""
        self._answered_at = self.loop.time()
        if self._timed is not None:
            self._stop_timer()
            self._timed = self._part = None
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _said_by_the_server(self) -> bytes:
        """Its headers, the date among them: a new list once a second."""
        told = self.server_state.default_headers
        if told is not self._told:
            self._told = told
            self._dated = b"".join(b"%b: %b\r\n" % pair for pair in told)
        return self._dated
