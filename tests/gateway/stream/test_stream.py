"""One stream of all changes: what a caller may see, in order, from where they were; and how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.gateway.conftest import Asked, Gateway, Service, running_gateway


@dataclass
class Feeds:
    """The feeds of all three services, scripted: what each has told, and whether it answers."""

    told: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"registry": [], "indicators": [], "events": []}
    )
    away: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def change(self, service: str, id: str, *, audience: str = "anonymous", **more: Any) -> None:  # noqa: A002
        """A service tells of a change."""
        told = self.told[service]
        told.append(
            {
                "position": str(1 + len(told)),
                "audience": audience,
                "kind": "updated",
                "collection": "entities",
                "id": id,
                **more,
            }
        )
        self.ring()

    def ring(self) -> None:
        """Whoever waits looks again."""
        self.bell.set()
        self.bell = asyncio.Event()

    async def answer(self, asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = urlsplit(asked.line.split()[1].decode())
        service = target.path.split("/")[2]
        query = {name: int(values[0]) for name, values in parse_qs(target.query).items()}
        self.asked.append(f"{service} {query['after']}")
        if service in self.away:
            writer.close()
            return
        if query["wait"] and query["after"] == len(self.told[service]):
            await self.bell.wait()
        last = len(self.told[service])
        if query["after"] > last:
            body = b'{"code":"position_gone"}'
            writer.write(b"HTTP/1.1 410 Gone\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            return
        items = [] if query["after"] < 0 else self._behind(service, query["after"])[: query["limit"]]
        end = last if query["after"] < 0 or not items else int(items[-1]["position"])
        body = json.dumps({"items": items, "next": str(end)}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def _behind(self, service: str, position: int) -> list[dict[str, Any]]:
        return [one for one in self.told[service] if int(one["position"]) > position]


@pytest.fixture
async def feeds(service: Service) -> AsyncIterator[Feeds]:
    found = Feeds()
    service.answer = found.answer
    yield found
    found.ring()


@pytest.fixture
async def gateway(own_database: str, service: Service, feeds: Feeds) -> AsyncIterator[Gateway]:
    """The gateway in front of a service that answers for all three, once it follows them."""
    urls = {f"{name}_url": service.url for name in ("registry", "indicators", "events")}
    async with running_gateway(own_database, **urls, max_listeners=30) as running:
        async with listening(running):  # followed from the first listener on
            pass
        yield running
        feeds.ring()


async def until(condition: object) -> None:
    async with asyncio.timeout(30):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.005)


class Listening:
    """A stream as a browser reads it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.id = ""
        self._lines = answer.aiter_lines()

    async def next(self, name: str = "change") -> dict[str, Any]:
        """The data of the next event of a name; raises StopAsyncIteration where the stream has ended."""
        event, data = "", ""
        async with asyncio.timeout(30):
            while True:
                line = await anext(self._lines)
                key, _, value = line.partition(": ")
                if key == "id":
                    self.id = value
                elif key == "event":
                    event = value
                elif key == "data":
                    data = value
                elif not line and data:
                    if event == name:
                        found: dict[str, Any] = json.loads(data)
                        return found
                    event, data = "", ""

    async def ids(self, count: int) -> list[str]:
        return [(await self.next())["id"] for _ in range(count)]

    async def begun(self) -> "Listening":
        """Once the first lines have come."""
        assert (await anext(self._lines)).startswith("retry: ")
        self.id = (await anext(self._lines)).removeprefix("id: ")
        return self


@asynccontextmanager
async def listening(
    gateway: Gateway, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[Listening]:
    async with gateway.client.stream("GET", f"/v1/stream{query}", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        stream = await Listening(answer).begun()
        yield stream


class TestStream:
    async def test_tells_what_changes_in_every_service(self, gateway: Gateway, feeds: Feeds) -> None:
        async with listening(gateway) as stream:
            assert stream.answer.headers["content-type"].startswith("text/event-stream")
            assert stream.answer.headers["cache-control"] == "private, no-store"
            feeds.change("registry", "a")
            first = await stream.next()
            assert (first["service"], first["id"], stream.id) == ("registry", "a", "registry-1.indicators-0.events-0")
            feeds.change("events", "b")
            assert (await stream.next())["service"] == "events"
            assert stream.id == "registry-1.indicators-0.events-1"

    async def test_shows_nobody_what_is_for_others(self, gateway: Gateway, feeds: Feeds) -> None:
        office, integrator = await gateway.as_role("office"), await gateway.as_role("integrator")
        async with (
            listening(gateway) as all_,
            listening(gateway, "", office) as office_,
            listening(gateway, "", integrator) as integrator_,
        ):
            feeds.change("registry", "for the office", audience="office")
            feeds.change("registry", "for integrators", audience="integrator")
            feeds.change("registry", "for all")
            assert await all_.ids(1) == ["for all"]
            assert await integrator_.ids(2) == ["for integrators", "for all"]
            assert await office_.ids(3) == ["for the office", "for integrators", "for all"]

    async def test_tells_only_what_was_asked_for(self, gateway: Gateway, feeds: Feeds) -> None:
        async with (
            listening(gateway, "?service=events") as of_events,
            listening(gateway, "?collection=labs&collection=projects") as of_labs,
            listening(gateway, "?kind=merged&kind=deleted") as of_kinds,
        ):
            feeds.change("registry", "entity")
            feeds.change("registry", "lab", collection="labs")
            feeds.change("registry", "merged", kind="merged")
            feeds.change("events", "event", collection="events")
            assert await of_events.ids(1) == ["event"]
            assert await of_labs.ids(1) == ["lab"]
            assert await of_kinds.ids(1) == ["merged"]

    async def test_asks_nothing_of_the_services_until_somebody_listens(
        self, own_database: str, service: Service, feeds: Feeds
    ) -> None:
        async with running_gateway(own_database, registry_url=service.url) as unheard:
            assert (await unheard.client.get("/v1/whoami")).status_code == 200
        assert feeds.asked == []

    async def test_begins_where_no_service_answers(self, own_database: str) -> None:
        async with running_gateway(own_database) as alone, listening(alone) as stream:
            told = {(await stream.next("service"))["service"] for _ in range(3)}
            assert told == {"registry", "indicators", "events"}

    async def test_follows_each_service_once_for_all_who_listen(self, gateway: Gateway, feeds: Feeds) -> None:
        async with listening(gateway) as one, listening(gateway) as other:
            feeds.change("registry", "a")
            assert (await one.ids(1), await other.ids(1)) == (["a"], ["a"])
        assert [asked for asked in feeds.asked if asked.startswith("registry")].count("registry 0") == 1

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("?after=7", "query/after"),
            ("?after=weather-7", "query/after"),
            ("?after=registry-1.registry-2", "query/after"),
            ("?kind=moved", "query/kind/0"),
            ("?service=gateway", "query/service/0"),
            ("?collection=A", "query/collection/0"),
            ("?color=red", "query/color"),
        ],
    )
    async def test_refuses_what_it_cannot_read(self, gateway: Gateway, query: str, pointer: str) -> None:
        answer = await gateway.client.get(f"/v1/stream{query}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


class TestResuming:
    async def test_misses_nothing(self, gateway: Gateway, feeds: Feeds) -> None:
        async with listening(gateway) as stream:
            feeds.change("registry", "a")
            assert await stream.ids(1) == ["a"]
        for name in ("b", "c"):
            feeds.change("registry", name)
        feeds.change("events", "d")
        async with listening(gateway, "", {"Last-Event-ID": stream.id}) as again:
            assert sorted(await again.ids(3)) == ["b", "c", "d"]
        async with listening(gateway, f"?after={again.id}") as last:
            feeds.change("events", "e")
            assert await last.ids(1) == ["e"]

    async def test_asks_the_service_for_what_is_no_longer_kept(self, gateway: Gateway, feeds: Feeds) -> None:
        feeds.change("registry", "a")
        feeds.change("registry", "b")
        source = gateway.app.state.hub.sources["registry"]
        await until(lambda: source.last == 2)
        source.first = 2
        async with listening(gateway, "?after=registry-0") as stream:
            assert await stream.ids(2) == ["a", "b"]

    async def test_is_410_where_the_log_does_not_go_on(self, gateway: Gateway, feeds: Feeds) -> None:
        for query in ("?after=registry-7", "?after=events-7&service=events"):
            gone = await gateway.client.get(f"/v1/stream{query}")
            assert (gone.status_code, gone.json()["code"]) == (410, "position_gone")

    async def test_goes_far_back_for_followers_alone(self, gateway: Gateway, feeds: Feeds) -> None:
        await until(lambda: "registry 0" in feeds.asked)  # and waits there, while the numbers below are given out
        source = gateway.app.state.hub.sources["registry"]
        source.first = source.last = 20_000
        assert (await gateway.client.get("/v1/stream?after=registry-0")).status_code == 410
        async with listening(gateway, "?after=registry-0", await gateway.as_role("integrator")):
            pass

    async def test_ends_where_a_service_was_restored_from_an_older_copy(self, gateway: Gateway, feeds: Feeds) -> None:
        feeds.change("registry", "a")
        await until(lambda: gateway.app.state.hub.sources["registry"].last == 1)
        async with listening(gateway) as stream:
            feeds.told["registry"].clear()
            feeds.ring()
            with pytest.raises(StopAsyncIteration):
                await stream.next()
        again = await gateway.client.get("/v1/stream", headers={"Last-Event-ID": stream.id})
        assert again.status_code == 410


class TestService:
    async def test_that_goes_away_is_told_of_and_takes_only_itself_away(self, gateway: Gateway, feeds: Feeds) -> None:
        async with listening(gateway) as stream:
            feeds.away.add("events")
            feeds.ring()
            assert await stream.next("service") == {"service": "events", "state": "away"}
            feeds.change("registry", "a")
            assert await stream.ids(1) == ["a"]
            feeds.change("events", "b")
            feeds.away.clear()
            assert await stream.next("service") == {"service": "events", "state": "back"}
            assert await stream.ids(1) == ["b"]


class TestEnd:
    async def test_comes_politely_when_the_gateway_stops(self, gateway: Gateway) -> None:
        async with listening(gateway) as stream:
            gateway.app.state.stopping.set()
            with pytest.raises(StopAsyncIteration):
                await stream.next()

    async def test_comes_when_a_key_is_revoked(self, gateway: Gateway) -> None:
        office, admin = await gateway.as_role("office"), await gateway.as_role("admin")
        known = (await gateway.client.get("/v1/whoami", headers=office)).json()
        async with listening(gateway, "", office) as stream:
            gone = await gateway.client.delete(
                f"/v1/keys/{known['subject'].removeprefix('key:')}", headers={**admin, "If-Match": "*"}
            )
            assert gone.status_code == 204, gone.text
            async with asyncio.timeout(30):  # though there is nothing to tell
                with pytest.raises(StopAsyncIteration):
                    await stream.next()

    async def test_leaves_no_place_taken(self, gateway: Gateway) -> None:
        for _ in range(4):  # of three that one caller has
            async with listening(gateway):
                pass
            await asyncio.sleep(0.02)

    async def test_is_the_beginning_where_one_listens_too_often(self, gateway: Gateway) -> None:
        async with listening(gateway), listening(gateway), listening(gateway):
            answer = await gateway.client.get("/v1/stream")
            assert (answer.status_code, answer.json()["code"]) == (429, "too_many_at_once")
            assert (await gateway.client.get("/v1/whoami")).status_code == 200

    async def test_comes_for_who_does_not_read(self) -> None:
        from klaster_gateway.stream.answering import EventStream

        async def events() -> AsyncIterator[bytes]:
            yield b": here\n\n"

        async def never(message: Any) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        async def silent() -> Any:
            await asyncio.Event().wait()

        dropped: list[bool] = []
        scope = {"type": "http", "extensions": {"klaster.abort": {"abort": lambda: dropped.append(True)}}}
        await EventStream(events(), patience=0.01)(scope, silent, never)
        assert dropped == [True]
