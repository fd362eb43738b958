"""Clients that are slow on purpose, or gone without a word: they hold a connection for a while, and no longer.
Those who never come to the point (a head without an end, trailers) get no more room than an honest request needs.

Only here: behind the gateway it is the gateway that reads and writes, and it has no reason to be slow.
"""

import asyncio
from typing import Literal

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from klaster_gateway.forwarding.errors import HeadersTooLarge, TargetTooLong
from klaster_gateway.forwarding.head import MAX_HEADERS, MAX_TARGET
from klaster_gateway.limits.connections import Connections
from klaster_gateway.limits.errors import TooSlow
from klaster_shared.errors import Problem
from klaster_shared.protocol import ProblemProtocol

BODY_LEAST = 4096  # bytes of a body that come in each window, at least: a telephone on the edge of a network does more
# Bytes of a head that is not whole, or beside a body. No exact limit: a head that has come whole is measured by whoever
# reads it. Times the connections of one address it is what that one can take of the memory.
BESIDE_MOST = 128 * 1024


class PatientProtocol(ProblemProtocol):
    """Waits so long for a head, for each part of a body, and for a client that does not read its answer."""

    head_seconds = 15.0
    body_seconds = 30.0
    reader_seconds = 60.0
    counted: Connections | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._part: Literal["head", "body"] | None = "head"  # of a request that has not come whole
        self._came = 0
        self._beside = 0  # bytes since a request began, or since there was something of its body
        self._began = False  # in what came last
        self._bodies = 0  # bytes, in what came last
        self.url = b""  # also where none begins
        self._stalled: asyncio.TimerHandle | None = None
        self._timed: str | None = "head"
        self._timer: asyncio.TimerHandle | None = self.loop.call_later(self.head_seconds, self._check_head)
        refused = self.counted.open(self._peer()) if self.counted else None
        if refused is not None:
            self.refuse(refused)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        if self.counted:
            self.counted.close(self._peer())
        self.resume_writing()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = "head"
        self._began = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part == "head":  # trailers go nowhere, and are not kept until they have ended
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._part = "body"

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._bodies += len(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._part = None

    def data_received(self, data: bytes) -> None:
        was_between = self._part is None
        self._began, self._bodies = False, 0
        super().data_received(data)
        self._came += len(data)
        if was_between and not self._began:  # blank lines, which may stand before a request: it has to come now
            self._part = "head"
        self._measure(data)
        if self._beside > BESIDE_MOST and self._part is not None:
            self._drop(self._too_much())
            return
        if self._part != self._timed:  # most requests come whole, and never have a timer
            self._stop_timer()
            self._timed = self._part
            if self._part == "head":
                self._timer = self.loop.call_later(self.head_seconds, self._check_head)
            elif self._part == "body":
                self._await_more()

    def _measure(self, data: bytes) -> None:
        """Count what is held of a request that has not come whole, by the most that it can be."""
        if self._began and self._part == "head":  # behind the last head that was whole, and all bodies
            self._beside = max(0, len(data) - data.rfind(b"\r\n\r\n") - self._bodies)
        elif self._part is None or self._began or self._bodies:
            self._beside = 0
        else:
            self._beside += len(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(self.reader_seconds, self._give_up_on_reader)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _peer(self) -> str:
        return self.client[0] if self.client else ""

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check_head(self) -> None:
        if self._is_our_turn():  # another answer is under way on this connection: nothing is read until it has ended
            self._timer = self.loop.call_later(self.head_seconds, self._check_head)
        else:
            self._drop(TooSlow(f"A request's head comes within {self.head_seconds:g} s"))

    def _await_more(self) -> None:
        self._came = 0
        self._timer = self.loop.call_later(self.body_seconds, self._check_body)

    def _check_body(self) -> None:
        if self._came >= BODY_LEAST or self.flow.read_paused:  # paused: it is the service that is slow
            self._await_more()
        else:
            self._drop(TooSlow(f"{BODY_LEAST} bytes of a body come in each {self.body_seconds:g} s"))

    def _is_our_turn(self) -> bool:
        cycle = self._last_cycle()
        return self.flow.read_paused or (cycle is not None and not cycle.response_complete)

    def _last_cycle(self) -> RequestResponseCycle | None:
        """Of the request that came last, where one has."""
        return self.cycle

    def _too_much(self) -> Problem:
        if self._part == "head" and len(self.url) > MAX_TARGET:
            return TargetTooLong(f"Path and query together may hold {MAX_TARGET} bytes")
        return HeadersTooLarge(f"All headers together may hold {MAX_HEADERS} bytes, trailers among them")

    def _drop(self, problem: Problem) -> None:
        if self.transport.is_closing():
            return
        cycle = self._last_cycle()
        if self._part == "body" and cycle is not None and cycle.response_started:
            self.transport.close()
        else:
            self.refuse(problem)

    def _give_up_on_reader(self) -> None:
        self.transport.abort()
