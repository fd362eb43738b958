"""A load generator for machines without wrk: `python -m tests.benchmarks.generator URL CONNECTIONS SECONDS`."""

import argparse
import asyncio
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop

from tests.benchmarks.load import Measured, as_json


class _Connection(asyncio.Protocol):
    """One connection: asks, waits for the whole answer, asks again."""

    def __init__(self, request: bytes, latencies: list[float], until: float) -> None:
        self._request = request
        self._latencies = latencies
        self._until = until
        self._asked = 0.0
        self._parser = httptools.HttpResponseParser(self)
        self.failed = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are transports in all but descent.
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self._latencies.append(now - self._asked)
        if self._parser.get_status_code() >= 400:
            self.failed += 1
        self._parser = httptools.HttpResponseParser(self)
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self.failed += 1
        if not self.ended.done():
            self.ended.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request)


async def load(url: str, connections: int, seconds: float, headers: list[str]) -> Measured:
    """Ask from all connections at once for some seconds."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *headers, "", ""]
    request = "\r\n".join(lines).encode()
    latencies: list[float] = []
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    assert parts.hostname is not None
    assert parts.port is not None
    host, port = parts.hostname, parts.port
    made = [
        await loop.create_connection(lambda: _Connection(request, latencies, started + seconds), host, port)
        for _ in range(connections)
    ]
    await asyncio.wait([connection.ended for _transport, connection in made], timeout=seconds + 10)
    took = time.perf_counter() - started
    latencies.sort()
    return Measured(
        per_second=len(latencies) / took,
        p50_ms=latencies[len(latencies) // 2] * 1000,
        p99_ms=latencies[len(latencies) * 99 // 100] * 1000,
        requests=len(latencies),
        failed=sum(connection.failed for _transport, connection in made),
    )


def main() -> None:
    """Measure, and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("connections", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("-H", dest="headers", action="append", default=[])
    given = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(load(given.url, given.connections, given.seconds, given.headers))
    sys.stdout.write(as_json(measured))


if __name__ == "__main__":
    main()
