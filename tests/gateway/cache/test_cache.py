"""What is kept: public answers, for those without a key, until something changes; nothing else, for nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from klaster_gateway.cache.store import Entry, Store
from tests.gateway.conftest import Asked, Gateway, Service, running_gateway


@dataclass
class Changing:
    """A service whose page counts its answers, and whose feed can move."""

    service: Service
    position: int = 7
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    pages: int = 0
    headers: str = "Cache-Control: public, no-cache\r\nVary: Accept-Language\r\n"
    etag: str = '"one"'
    away: bool = False
    slow: asyncio.Event | None = None

    async def answer(self, asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = urlsplit(asked.line.split()[1].decode())
        if target.path == "/v1/registry/changes":
            await self._feed(writer, {name: int(values[0]) for name, values in parse_qs(target.query).items()})
            return
        self.pages += 1
        body = json.dumps({"page": self.pages}).encode()
        if self.slow is not None:
            await self.slow.wait()
        if asked.header(b"if-none-match") == [self.etag.encode()]:
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {self.etag}\r\n{self.headers}\r\n".encode())
            return
        head = f"HTTP/1.1 200 OK\r\nETag: {self.etag}\r\n{self.headers}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    async def _feed(self, writer: asyncio.StreamWriter, asked: dict[str, int]) -> None:
        if self.away:
            writer.close()
            return
        if asked["after"] == self.position and asked["wait"]:
            self.moved.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), 0.1)
        body = json.dumps({"items": [], "next": str(self.position)}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def change(self, etag: str = '"two"') -> None:
        """Something changes, and the feed tells of it."""
        self.etag = etag
        self.position += 1
        self.moved.set()


@pytest.fixture
async def changing(service: Service) -> Changing:
    found = Changing(service)
    service.answer = found.answer
    return found


@pytest.fixture
async def keeping(own_database: str, changing: Changing) -> AsyncIterator[Gateway]:
    """A gateway that keeps answers and hears of the changes behind them."""
    async with running_gateway(own_database, registry_url=changing.service.url, cache_megabytes=1) as gateway:
        await until(lambda: gateway.app.state.cache.store.state(["registry"]) is not None)
        yield gateway
        changing.moved.set()


async def until(condition: object) -> None:
    async with asyncio.timeout(30):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def page(gateway: Gateway, path: str = "/v1/things", **headers: str) -> int:
    answer = await gateway.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["page"]
    return number


class TestKept:
    async def test_is_answered_without_asking_the_service(self, keeping: Gateway, changing: Changing) -> None:
        first = await keeping.client.get("/v1/things")
        second = await keeping.client.get("/v1/things")
        assert (first.json(), second.json(), changing.pages) == ({"page": 1}, {"page": 1}, 1)
        assert "age" not in first.headers
        assert (second.headers["age"], second.headers["etag"]) == ("0", '"one"')
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
        assert second.headers["ratelimit"].startswith('"anonymous";r=')

    async def test_is_one_answer_for_each_language_type_and_question(self, keeping: Gateway) -> None:
        questions = [("/v1/things?a=1&b=2", {}), ("/v1/things?a=2", {}), ("/v1/things", {"Accept": "text/csv"})]
        questions += [("/v1/things", {"Accept-Language": "pl"}), ("/v1/things", {"Accept-Language": "en"})]
        assert [await page(keeping, path, **headers) for path, headers in questions] == [1, 2, 3, 4, 5]
        assert [await page(keeping, path, **headers) for path, headers in questions] == [1, 2, 3, 4, 5]

    async def test_is_the_same_whatever_the_order_of_parameters(self, keeping: Gateway) -> None:
        assert await page(keeping, "/v1/things?a=1&b=2") == await page(keeping, "/v1/things?b=2&a=1")
        # The order of one parameter's values is the caller's word.
        assert await page(keeping, "/v1/things?a=1&a=2") != await page(keeping, "/v1/things?a=2&a=1")

    async def test_is_not_sent_to_who_has_it(self, keeping: Gateway, changing: Changing) -> None:
        await page(keeping)
        known = await keeping.client.get("/v1/things", headers={"If-None-Match": 'W/"zero", "one"'})
        other = await keeping.client.get("/v1/things", headers={"If-None-Match": '"zero"'})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", '"one"')
        assert (other.status_code, changing.pages) == (200, 1)

    async def test_answers_head_without_a_body(self, keeping: Gateway, changing: Changing) -> None:
        await page(keeping)
        head = await keeping.client.head("/v1/things")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "11")
        assert changing.pages == 1


class TestChange:
    async def test_is_seen_within_a_moment(self, keeping: Gateway, changing: Changing) -> None:
        assert await page(keeping) == 1
        changing.change()
        async with asyncio.timeout(10):
            while await page(keeping) == 1:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def test_is_seen_at_once_by_who_made_it(self, keeping: Gateway, changing: Changing) -> None:
        """Before the feed has told of it."""
        assert await page(keeping) == 1
        changing.etag = '"two"'
        key = await keeping.as_role("office")
        await keeping.client.post("/v1/things", json={}, headers=key)
        assert await page(keeping) > 1

    async def test_that_changed_nothing_here_is_asked_for_without_its_body(
        self, keeping: Gateway, changing: Changing
    ) -> None:
        assert await page(keeping) == 1
        changing.change(etag='"one"')
        await until(lambda: changing.moved.is_set() is False)
        assert [await page(keeping) for _ in range(3)] == [1, 1, 1]
        assert changing.pages == 2  # the second was 304, and the third kept again

    async def test_is_kept_again_by_those_who_have_it_already(self, keeping: Gateway, changing: Changing) -> None:
        assert await page(keeping) == 1
        keeping.app.state.cache.store.note_change("registry")
        known = {"If-None-Match": '"zero", "one"'}
        answers = [await keeping.client.get("/v1/things", headers=known) for _ in range(3)]
        assert ([answer.status_code for answer in answers], changing.pages) == ([304] * 3, 2)

    async def test_while_an_answer_is_on_its_way_is_not_kept_back_by_it(
        self, keeping: Gateway, changing: Changing
    ) -> None:
        changing.slow = asyncio.Event()
        late = asyncio.create_task(page(keeping))
        await until(lambda: changing.pages == 1)
        keeping.app.state.cache.store.note_change("registry")
        changing.slow.set()
        assert await late == 1
        changing.etag = '"two"'
        assert await page(keeping) == 2

    async def test_that_is_not_heard_of_keeps_nothing(self, keeping: Gateway, changing: Changing) -> None:
        assert await page(keeping) == 1
        changing.away = True
        changing.change()
        await until(lambda: keeping.app.state.cache.store.state(["registry"]) is None)
        assert [await page(keeping) for _ in range(2)] == [2, 3]
        changing.away = False
        await until(lambda: keeping.app.state.cache.store.state(["registry"]) is not None)
        assert [await page(keeping) for _ in range(2)] == [4, 4]


class TestNothing:
    async def test_is_kept_for_callers_with_a_key(self, keeping: Gateway) -> None:
        office = await keeping.as_role("office")
        assert [await page(keeping), await page(keeping, **office), await page(keeping, **office)] == [1, 2, 3]
        assert await page(keeping) == 1

    @pytest.mark.parametrize(
        "headers",
        [
            "Cache-Control: private, no-store\r\n",
            "Cache-Control: public, no-store\r\n",
            "",
            "Cache-Control: public\r\nVary: Cookie\r\n",
            "Cache-Control: public\r\nVary: *\r\n",
            "Cache-Control: public\r\nSet-Cookie: a=b\r\n",
            "Cache-Control: public\r\nContent-Encoding: identity\r\n",
        ],
    )
    async def test_is_kept_that_does_not_say_it_may_be(
        self, keeping: Gateway, changing: Changing, headers: str
    ) -> None:
        changing.headers = headers
        assert [await page(keeping), await page(keeping)] == [1, 2]

    @pytest.mark.parametrize("header", ["Range", "Cache-Control", "If-Modified-Since"])
    async def test_is_kept_for_requests_that_ask_for_something_else(self, keeping: Gateway, header: str) -> None:
        assert [await page(keeping), await page(keeping, **{header: "no-cache"})] == [1, 2]


class TestStore:
    def test_stays_within_its_bound_and_keeps_what_is_used(self) -> None:
        store = Store(["registry"], max_bytes=10_000)
        for number in range(50):
            key = (b"/%d" % number, (), "", "")
            store.keep(key, Entry([], b"x" * 1000, None, (0,), 0.0, 0.0))
            store.find((b"/0", (), "", ""))
        assert 5_000 < store.bytes <= 10_000
        assert store.find((b"/0", (), "", "")) is not None
        assert store.find((b"/40", (), "", "")) is None

    def test_takes_nothing_that_would_fill_it(self) -> None:
        store = Store(["registry"], max_bytes=10**9)
        store.keep((b"/", (), "", ""), Entry([], b"x" * 300_000, None, (0,), 0.0, 0.0))
        assert (store.bytes, store.find((b"/", (), "", ""))) == (0, None)
