"""What lies between two services: a TCP relay that can be slow, cut, silent, or lead elsewhere."""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass

from tests.running import free_ports

GARBAGE = b"\x16\x03\x01 220 mail.example.org ESMTP\r\n<html>\x00\xff\r\n\r\n"
_PIECE = 1 << 16


@dataclass
class Way:
    """How a wire behaves towards whatever comes along from now on."""

    target: int
    delay: float = 0.0
    silent: bool = False  # what is sent goes nowhere, and nobody says so: a cable that was pulled
    garbage: bool = False


class Wire:
    """Listens on a port of its own in place of the service behind."""

    def __init__(self, target: int) -> None:
        self.way = Way(target)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._relay, "127.0.0.1", 0), self._loop
        ).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._home = target
        self.away = free_ports()  # where another one may stand in for the service behind

    def bend(self, *, target: int = 0, delay: float = 0.0, silent: bool = False, garbage: bool = False) -> None:
        """Behave so from now on; what is connected is cut off, except where the cable is only silent."""
        self.way = Way(target or self._home, delay, silent, garbage)
        if not silent:
            self._loop.call_soon_threadsafe(self._cut)

    def mend(self) -> None:
        """As it was in the beginning."""
        self.bend()

    def close(self) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        other: asyncio.StreamWriter | None = None
        try:
            if self.way.garbage:
                await reader.read(_PIECE)
                writer.write(GARBAGE)
                await writer.drain()
                return
            answers, other = await asyncio.open_connection("127.0.0.1", self.way.target)
            self._writers.add(other)
            await asyncio.gather(self._pass_on(reader, other), self._pass_on(answers, writer))
        except OSError:
            pass  # either side has gone
        finally:
            for each in (writer, other):
                if each is not None:
                    self._writers.discard(each)
                    with suppress(OSError):
                        each.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            if self.way.delay:
                await asyncio.sleep(self.way.delay)
            while self.way.silent:  # noqa: ASYNC110 - what travels when the cable is pulled waits, as packets do
                await asyncio.sleep(0.05)
            writer.write(piece)
            await writer.drain()
        writer.close()
