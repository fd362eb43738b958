"""An export beside writers: one moment, and the feed goes on from exactly there."""

import asyncio
import json
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic_core import to_json

from klaster_registry.exports.operations import resolve, write_export
from klaster_registry.exports.schemas import ExportParameters
from klaster_registry.exports.writers import Taken
from klaster_shared.changes import TABLE
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from tests.registry.conftest import NOW, Add

EXPORT, CHANGES = "/v1/registry/export", "/v1/registry/changes"


async def followed(api: httpx.AsyncClient, after: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = (await api.get(CHANGES, params={"after": after, "limit": 100})).json()
        if not page["items"]:
            return found
        found += page["items"]
        after = page["next"]


def applied(records: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """What a follower holds: the export, with every change put upon it. Nothing may come twice."""
    for change in changes:
        if change["kind"] == "created":
            assert change["id"] not in records, "an export held what came after its position"
        else:
            assert change["id"] in records, "an export lacked what came before its position"
        if change["record"] is None:
            del records[change["id"]]
        else:
            records[change["id"]] = change["record"]
    return records


async def write(api: httpx.AsyncClient, writer: int, done: asyncio.Event) -> None:
    """Add, change and delete until it is over."""
    number = 0
    while not done.is_set():
        number += 1
        names = [{"value": f"Firma {writer} {number}"}]
        entity = (await api.post("/v1/entities", json={"names": names})).json()
        path, match = f"/v1/entities/{entity['id']}", {"If-Match": "*"}
        if number % 3 == 0:
            await api.delete(path, headers=match)
        elif number % 2 == 0:
            await api.patch(path, json={"startup": True}, headers=match)


class Slow:
    """A caller that takes its time, and lets others write meanwhile."""

    def __init__(self) -> None:
        self.position = 0
        self.content = b""
        self.begun = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def begin(self, taken: Taken) -> None:
        self.position = taken.position
        self.begun.set()
        await self.may_go_on.wait()

    async def write(self, data: bytes) -> None:
        self.content += data


async def export_slowly(database: Database, app: FastAPI, slow: Slow) -> None:
    asked = resolve(ExportParameters(collection=["entities"]), otherwise="ndjson")
    table = app.state.metadata.tables[TABLE]
    await write_export(database, asked=asked, table=table, sink=slow, today=NOW.date(), now=utc_now())


class TestSnapshot:
    async def test_is_followed_without_a_gap_while_others_write(self, api: httpx.AsyncClient, add: Add) -> None:
        for number in range(20):
            await add(f"Od początku {number}")
        done = asyncio.Event()
        writers = [asyncio.create_task(write(api, number, done)) for number in range(4)]
        exports = []
        for _ in range(8):
            exports.append(await api.get(EXPORT, params={"collection": "entities"}))
            await asyncio.sleep(0.02)
        done.set()
        await asyncio.gather(*writers)
        last = await api.get(EXPORT, params={"collection": "entities"})
        expected = {one["id"]: one for one in records_in(last)}
        assert len({answer.headers["klaster-position"] for answer in exports}) > 1
        for answer in exports:
            held = {one["id"]: one for one in records_in(answer)}
            assert applied(held, await followed(api, answer.headers["klaster-position"])) == expected

    async def test_is_of_one_moment_however_long_it_takes(self, app: FastAPI, api: httpx.AsyncClient, add: Add) -> None:
        first = await add("Przed")
        slow = Slow()
        export = asyncio.create_task(export_slowly(app.state.database, app, slow))
        await slow.begun.wait()
        await add("Po")
        await api.delete(f"/v1/entities/{first['id']}", headers={"If-Match": "*"})
        slow.may_go_on.set()
        await export
        _, record, _ = [json.loads(line) for line in slow.content.splitlines()]
        assert record["record"]["name"] == "Przed"
        later = await followed(api, str(slow.position))
        assert [change["kind"] for change in later] == ["created", "deleted"]

    async def test_leaves_the_connection_as_it_was_when_the_caller_goes(
        self, app: FastAPI, api: httpx.AsyncClient, add: Add
    ) -> None:
        for number in range(30):
            await add(f"Firma {number} " + "x" * 400)
        for _ in range(12):  # more than the pool has connections
            async with api.stream("GET", EXPORT, params={"format": "ndjson"}) as answer:
                assert answer.status_code == 200
        async with asyncio.timeout(10):
            whole = await api.get(EXPORT, params={"collection": "entities"})
        assert len(records_in(whole)) == 30
        assert (await api.post("/v1/entities", json={"names": [{"value": "Nowa"}]})).status_code == 201


def records_in(answer: httpx.Response) -> list[dict[str, Any]]:
    head, *lines, foot = answer.content.splitlines()
    assert foot == to_json({"complete": True})
    assert json.loads(head)["position"] == answer.headers["klaster-position"]
    return [json.loads(line)["record"] for line in lines]
