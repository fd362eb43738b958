"""The API as the seed uses it: pages read whole, a few writes at once, a busy service asked again."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import httpx

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

    async def post(self, path: str, body: Mapping[str, Any], *, counted: str) -> dict[str, Any]:
        """Create something or take a step; a busy service has done nothing, and natural keys forbid doing it twice."""
        answer = await self._send("POST", path, json=body)
        self.done[counted] += 1
        record: dict[str, Any] = answer.json()
        return record

    async def delete(self, path: str, *, counted: str) -> None:
        """Delete a record, whatever its version."""
        await self._send("DELETE", path, headers={"If-Match": "*"})
        self.done[counted] += 1

    async def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        for attempt in range(1, _TRIES + 1):
            answer = await self._client.request(method, path, **how)
            if answer.status_code not in _BUSY or attempt == _TRIES:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
        if answer.is_error:
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


def by_key(records: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Records by their natural key."""
    return {(record["source"], record["source_key"]): dict(record) for record in records}
