"""The feed over HTTP: nobody misses a change, whether they ask, wait or listen; a cursor never ends silently."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_shared.changes import ROOM, TABLE, leave_room, record_change
from klaster_shared.database import Actor, Database
from tests.shared.conftest import METADATA

OFFICE = Actor(subject="key:1", role="office")
FEED = "/v1/notes/changes"
AsRole = Callable[[str], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def integrator(as_role: AsRole) -> AsyncIterator[httpx.AsyncClient]:
    async with as_role("integrator") as client:
        yield client


async def write(database: Database, *names: str, audience: Any = "anonymous") -> None:
    async with database.write(actor=OFFICE) as session:
        for name in names:
            record_change(
                session, kind="created", collection="notes", id=name, record={"text": name}, audience=audience
            )


def names(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


async def events(stream: httpx.Response, count: int) -> list[dict[str, Any]]:
    """The next events of a stream, read as a browser reads them."""
    found: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    async for line in stream.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            event["id"] = value
        elif name == "data":
            event["data"] = json.loads(value)
        elif not line and "data" in event:
            found.append(event)
            event = {}
            if len(found) == count:
                break
    return found


class TestPages:
    async def test_are_read_in_order_from_a_position_on(
        self, office: httpx.AsyncClient, integrator: httpx.AsyncClient
    ) -> None:
        for name in ("a", "b", "c"):
            await office.post("/v1/notes", json={"text": name})
        first = (await integrator.get(FEED, params={"limit": 2})).json()
        rest = (await integrator.get(FEED, params={"after": first["next"]})).json()
        nothing = (await integrator.get(FEED, params={"after": rest["next"]})).json()
        assert [item["record"]["text"] for item in first["items"] + rest["items"]] == ["a", "b", "c"]
        assert nothing == {"items": [], "next": rest["next"]}
        assert first["items"][0]["actor"] == "test:office"

    async def test_pass_over_what_is_not_for_these_eyes(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        await write(database, "a")
        await write(database, "hidden", "hidden too", audience="office")
        page = (await integrator.get(FEED)).json()
        assert (names(page["items"]), page["next"]) == (["a"], "3")

    async def test_are_not_for_everybody(self, as_role: AsRole) -> None:
        async with as_role("anonymous") as anybody:
            assert (await anybody.get(FEED)).status_code == 403


class TestPositions:
    async def test_of_a_log_that_was_restored_are_refused(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        await write(database, "a")
        refused = await integrator.get(FEED, params={"after": 7})
        assert (refused.status_code, refused.json()["code"], refused.json()["last"]) == (410, "position_gone", "1")
        assert "export" in refused.json()["detail"]

    async def test_of_now_is_where_a_follower_begins_that_has_read_nothing(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        await write(database, "a", "b")
        assert (await integrator.get(FEED, params={"after": -1})).json() == {"items": [], "next": "2"}

    @pytest.mark.parametrize("wrong", [{"after": -2}, {"wait": 16}, {"limit": 0}, {"after": "x"}])
    async def test_and_the_rest_are_checked(self, integrator: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
        refused = await integrator.get(FEED, params=wrong)
        [name] = wrong
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"query/{name}")


STREAM = {"Accept": "text/event-stream"}


class TestLongPoll:
    async def test_answers_as_soon_as_there_is_a_change(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        waiting = asyncio.create_task(integrator.get(FEED, params={"wait": 15}))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await write(database, "a")
        assert names((await asyncio.wait_for(waiting, 30)).json()["items"]) == ["a"]

    async def test_is_told_of_a_burst_in_a_few_answers(self, database: Database, integrator: httpx.AsyncClient) -> None:
        seen: list[str] = []
        answers = 0

        async def follow() -> None:
            nonlocal answers
            after = "0"
            while len(seen) < 60:
                page = (await integrator.get(FEED, params={"after": after, "wait": 15})).json()
                seen.extend(names(page["items"]))
                answers, after = answers + 1, page["next"]

        following = asyncio.create_task(follow())
        for number in range(60):
            await write(database, f"{number}")
        await asyncio.wait_for(following, 30)

        assert seen == [f"{number}" for number in range(60)]
        assert answers < 30

    async def test_notices_what_another_process_writes(self, database_url: str, integrator: httpx.AsyncClient) -> None:
        from tests.shared.conftest import LOG

        waiting = asyncio.create_task(integrator.get(FEED, params={"wait": 15}))
        await asyncio.sleep(0.05)
        other = Database(database_url, before_commit=LOG)
        try:
            await write(other, "a")
        finally:
            await other.dispose()
        assert names((await asyncio.wait_for(waiting, 30)).json()["items"]) == ["a"]

    async def test_is_not_woken_by_what_is_not_for_these_eyes(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        waiting = asyncio.create_task(integrator.get(FEED, params={"wait": 0.3}))
        await asyncio.sleep(0.05)
        await write(database, "hidden", audience="office")
        assert (await waiting).json() == {"items": [], "next": "1"}

    async def test_answers_at_once_where_the_service_stops(self, app: FastAPI, integrator: httpx.AsyncClient) -> None:
        waiting = asyncio.create_task(integrator.get(FEED, params={"wait": 15}))
        await asyncio.sleep(0.05)
        app.state.stopping.set()
        assert (await asyncio.wait_for(waiting, 30)).json() == {"items": [], "next": "0"}

    async def test_leaves_nothing_behind_that_waits(self, app: FastAPI, integrator: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await integrator.get(FEED, params={"wait": 15}, timeout=0.1)
        async with asyncio.timeout(30):
            while app.state.feed._followers:  # noqa: ASYNC110 # the server notices in its own time
                await asyncio.sleep(0.01)
        assert app.state.feed._watcher is None

    async def test_shows_each_of_many_followers_every_change_once(
        self, database: Database, integrator: httpx.AsyncClient
    ) -> None:
        """Writers end in another order than they began in, some never; followers poll, wait and listen."""
        writers = 60
        last = writers - writers // 5
        places = asyncio.Semaphore(8)

        async def write_slowly(number: int) -> None:
            try:
                async with places, database.write(actor=OFFICE) as session:
                    record_change(session, kind="created", collection="notes", id=str(number), record={})
                    await asyncio.sleep(number % 7 / 100)
                    if number % 5 == 0:
                        raise RuntimeError("rolled back")
            except RuntimeError:
                pass

        async def follow(wait: float) -> list[int]:
            seen: list[int] = []
            while not seen or seen[-1] < last:
                page = await integrator.get(FEED, params={"after": seen[-1] if seen else 0, "wait": wait, "limit": 7})
                seen += [int(item["position"]) for item in page.json()["items"]]
            return seen

        async def listen() -> list[int]:
            async with integrator.stream("GET", FEED, headers=STREAM) as stream:
                return [int(event["id"]) for event in await events(stream, last)]

        followers = [follow(0), follow(5), follow(5), listen(), listen()]
        tasks = [asyncio.create_task(follower) for follower in followers]
        await asyncio.gather(*(write_slowly(number) for number in range(writers)))
        for seen in await asyncio.wait_for(asyncio.gather(*tasks), 30):
            assert seen == list(range(1, last + 1))


class TestStream:
    async def test_sends_what_is_there_and_what_comes(self, database: Database, integrator: httpx.AsyncClient) -> None:
        await write(database, "a", "b")
        async with integrator.stream("GET", FEED, headers=STREAM) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert stream.headers["cache-control"] == "private, no-store"
            reading = asyncio.create_task(events(stream, 3))
            await asyncio.sleep(0.05)
            await write(database, "c\n")  # a line break in a text is no end of an event
            found = await asyncio.wait_for(reading, 5)
        assert [(event["id"], event["data"]["id"]) for event in found] == [("1", "a"), ("2", "b"), ("3", "c\n")]

    async def test_goes_on_where_the_last_one_ended(self, database: Database, integrator: httpx.AsyncClient) -> None:
        await write(database, "a", "b", "c")
        headers = {**STREAM, "Last-Event-ID": "2"}
        async with integrator.stream("GET", FEED, headers=headers, params={"after": 0}) as stream:
            [event] = await events(stream, 1)
        assert event["data"]["id"] == "c"

    async def test_ends_where_the_service_stops(self, app: FastAPI, integrator: httpx.AsyncClient) -> None:
        async with integrator.stream("GET", FEED, headers=STREAM) as stream:
            reading = asyncio.create_task(stream.aread())
            await asyncio.sleep(0.05)
            app.state.stopping.set()
            assert b"retry: 1000" in await asyncio.wait_for(reading, 5)

    async def test_has_a_limit_of_its_own(
        self, app: FastAPI, integrator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("klaster_shared.feed.MAX_FOLLOWERS", 1)
        async with integrator.stream("GET", FEED, headers=STREAM):
            refused = await integrator.get(FEED, params={"wait": 1})
            plain = await integrator.get(FEED)
        assert (refused.status_code, refused.headers["retry-after"], plain.status_code) == (503, "5", 200)


class TestRestored:
    """A log that came back from a copy: what was lost had positions, which nobody is given again."""

    @pytest.fixture(autouse=True)
    async def _restored(self, database: Database) -> None:
        await write(database, "a", "b")
        async with database.write() as session:
            await leave_room(session, METADATA.tables[TABLE])

    async def test_goes_on_for_whoever_was_at_its_end(self, integrator: httpx.AsyncClient, database: Database) -> None:
        page = (await integrator.get(FEED, params={"after": 2})).json()
        assert (page["items"], int(page["next"])) == ([], 2 + ROOM)
        await write(database, "c")
        assert names((await integrator.get(FEED, params={"after": 2})).json()["items"]) == ["c"]
        assert names((await integrator.get(FEED, params={"after": 1})).json()["items"]) == ["b", "c"]
        assert names((await integrator.get(FEED, params={"after": page["next"]})).json()["items"]) == ["c"]
        assert names((await integrator.get(FEED, params={"after": 0})).json()["items"]) == ["a", "b", "c"]

    @pytest.mark.parametrize("after", [3, 40, 1 + ROOM])
    async def test_is_gone_for_whoever_had_read_what_is_lost(
        self, integrator: httpx.AsyncClient, database: Database, after: int
    ) -> None:
        await write(database, *(str(number) for number in range(50)))
        answer = await integrator.get(FEED, params={"after": after})
        assert (answer.status_code, answer.json()["code"]) == (410, "position_gone")
        assert "restored from an older copy" in answer.json()["detail"]
