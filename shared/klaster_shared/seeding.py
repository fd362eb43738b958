"""The public API as a seed uses it: pages read whole, a few writes at once, a busy service asked again."""

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx

from klaster_shared.identifiers import new_id

AT_ONCE = 8  # more gains nothing: one process writes, and on SQLite one transaction at a time
_TRIES = 5
_BUSY = frozenset({429, 503})
Item = TypeVar("Item")


class SeedError(Exception):
    """The API refused something; the message is its own."""


class Gateway:
    """A client of the public API that counts what it did."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.done: Counter[str] = Counter()

    async def every(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """All records of a list, page by page."""
        records: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            query = {**parameters, "limit": 500, **({"cursor": cursor} if cursor else {})}
            page = (await self._send("GET", path, params=query)).json()
            records += page["items"]
            cursor = page["next"]
            if cursor is None:
                return records

    async def post(self, path: str, body: Mapping[str, Any], *, counted: str | None, count: int = 1) -> dict[str, Any]:
        """Create something or take a step, once however often the request has to be sent."""
        answer = await self._send("POST", path, json=body, headers={"Idempotency-Key": str(new_id())})
        self._count(counted, count)
        record: dict[str, Any] = answer.json()
        return record

    async def take_step(self, path: str, *, counted: str) -> None:
        """Take a step with a record that this seed has just made."""
        await self._send("POST", path, json={}, headers={"If-Match": "*", "Idempotency-Key": str(new_id())})
        self.done[counted] += 1

    async def put(self, path: str, body: Mapping[str, Any], *, counted: str) -> None:
        """Write something that is not there yet at a path of its own."""
        await self._send("PUT", path, json=body)
        self.done[counted] += 1

    async def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """One record."""
        record: dict[str, Any] = (await self._send("GET", path, params=parameters)).json()
        return record

    async def put_file(self, path: str, content: bytes) -> None:
        """Send a file, in place of one that was there."""
        headers = {"If-Match": "*", "Content-Type": "application/octet-stream"}
        await self._send("PUT", path, content=content, headers=headers)

    async def patch(self, path: str, body: Mapping[str, Any]) -> None:
        """Change a record that this seed has just made."""
        await self._send("PATCH", path, json=body, headers={"If-Match": "*"})

    async def delete(self, path: str, *, counted: str | None) -> None:
        """Delete a record, whatever its version."""
        await self._send("DELETE", path, headers={"If-Match": "*"})
        self._count(counted)

    def _count(self, counted: str | None, count: int = 1) -> None:
        """What is a step on the way is not counted."""
        if counted is not None:
            self.done[counted] += count

    async def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask, and ask again while nobody is there or who is there is busy; a key makes that harmless for a POST."""
        for attempt in range(1, _TRIES + 1):
            pause = 1.0
            try:
                answer = await self._client.request(method, path, **how)
            except httpx.TransportError:
                if attempt == _TRIES:
                    raise
            else:
                if answer.status_code not in _BUSY or attempt == _TRIES:
                    break
                pause = float(answer.headers.get("retry-after", pause))
            await asyncio.sleep(pause)
        # An answer that got lost on its way: what was to be done is done.
        done_before = attempt > 1 and (method, answer.status_code) in {("DELETE", 404), ("PUT", 428)}
        if answer.is_error and not done_before:
            raise SeedError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer


async def for_each(items: Iterable[Item], work: Callable[[Item], Awaitable[object]]) -> None:
    """Do the work for every item, a few at once; the first failure ends it."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> None:
        async with places:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(one(item))


def batched(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """The items in parts of a size, the last one smaller."""
    return [items[at : at + size] for at in range(0, len(items), size)]


def by_key(records: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Records by their natural key."""
    return {(record["source"], record["source_key"]): dict(record) for record in records}


def seed_arguments(description: str | None) -> argparse.ArgumentParser:
    """What every seed's command takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--gateway", required=True, help="base URL of the gateway")
    demo = os.environ.get("DEMO") != "0"
    help_ = "load the demonstration; the default, unless DEMO is 0"
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction, default=demo, help=help_)
    parser.add_argument("--clear", action="store_true", help="delete the demonstration rows")
    return parser


def key_from_environment() -> str:
    """The API key, from KLASTER_KEY or the file that KLASTER_KEY_FILE names."""
    if path := os.environ.get("KLASTER_KEY_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get("KLASTER_KEY", "")


async def seed_through(base_url: str, service: str, work: Callable[[Gateway], Awaitable[None]]) -> int:
    """Do the work as a client of the gateway, and say what was done; 1 where the API refused something."""
    timeout = httpx.Timeout(30.0, connect=5.0)
    headers = {"Authorization": f"Bearer {key_from_environment()}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=timeout, trust_env=False) as client:
        gateway = Gateway(client)
        failures: list[BaseException] = []
        try:
            await work(gateway)
        except* (SeedError, httpx.HTTPError) as refused:
            failures.extend(refused.exceptions)
    if failures:
        print(f"{service}: {failures[0]}", file=sys.stderr)
        return 1
    print(f"{service}:", ", ".join(f"{count} {what}" for what, count in gateway.done.items()) or "nothing to do")
    return 0
