"""People who all register at once: `python -m tests.benchmarks.storm_load URL PATH CONNECTIONS FIRST COUNT TOKEN`.

Each has an address of their own and a key of their own. The requests are made before the clock starts.
"""

import asyncio
import json
import sys
import time
from collections import Counter, deque
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop


class _Connection(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next one."""

    def __init__(self, requests: "deque[bytes]", latencies: list[float], statuses: Counter[int]) -> None:
        self._requests = requests
        self._latencies = latencies
        self._statuses = statuses
        self._asked = 0.0
        self._parser = httptools.HttpResponseParser(self)
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._latencies.append(time.perf_counter() - self._asked)
        self._statuses[self._parser.get_status_code()] += 1
        self._parser = httptools.HttpResponseParser(self)
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self._statuses[0] += 1
        if not self.ended.done():
            self.ended.set_result(None)

    def ask(self) -> None:
        """The next request, or the end."""
        if not self._requests:
            self._transport.close()
            return
        self._asked = time.perf_counter()
        self._transport.write(self._requests.popleft())


def requests_of(url: str, path: str, first: int, count: int, token: str) -> "deque[bytes]":
    """The bytes of each request."""
    made = deque[bytes]()
    for number in range(first, first + count):
        body = json.dumps({"name": f"Osoba {number}", "email": f"osoba.{number}@example.org"}).encode()
        head = [
            f"POST {path} HTTP/1.1",
            f"Host: {urlsplit(url).netloc}",
            f"Authorization: Bearer {token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"Idempotency-Key: storm-{number}",
            "",
            "",
        ]
        made.append("\r\n".join(head).encode() + body)
    return made


async def storm(url: str, path: str, connections: int, first: int, count: int, token: str) -> dict[str, object]:
    """Everybody registers; what came of it."""
    requests = requests_of(url, path, first, count, token)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    loop, parts = asyncio.get_running_loop(), urlsplit(url)
    made = [
        await loop.create_connection(
            lambda: _Connection(requests, latencies, statuses), cast("str", parts.hostname), cast("int", parts.port)
        )
        for _ in range(connections)
    ]
    started = time.perf_counter()
    for _, connection in made:
        connection.ask()
    await asyncio.wait([connection.ended for _, connection in made], timeout=120)
    seconds = time.perf_counter() - started
    latencies.sort()
    return {
        "seconds": seconds,
        "statuses": {str(status): number for status, number in statuses.items()},
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[len(latencies) * 99 // 100] * 1000,
        "max_ms": latencies[-1] * 1000,
    }


def main() -> None:
    """Put the load, and print what came of it as JSON."""
    url, path, connections, first, count, token = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(storm(url, path, int(connections), int(first), int(count), token))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
