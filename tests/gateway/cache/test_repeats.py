"""The same bytes again are answered where they come in, and nobody can tell the difference."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from klaster_gateway.cache.repeats import LONGEST, MOST, Given, is_one_head
from tests.gateway.cache.test_cache import Changing, changing, until  # noqa: F401 # a fixture of both
from tests.gateway.conftest import Gateway, running_gateway

HOST = b"Host: x\r\n"
GET = b"GET /v1/things HTTP/1.1\r\n" + HOST
CHANGES = re.compile(rb"(?m)^(date|age|x-request-id|ratelimit): .*\r\n")


@pytest.fixture
async def keeping(own_database: str, changing: Changing) -> AsyncIterator[Gateway]:  # noqa: F811
    """A gateway that keeps answers, and lets nobody ask more than twenty times."""
    told = {"rate_anonymous": "20 per hour", "trusted_proxies": ["127.0.0.1/32"]}
    async with running_gateway(own_database, registry_url=changing.service.url, cache_megabytes=1, **told) as gateway:
        await until(lambda: gateway.app.state.cache.store.state(["registry"]) is not None)
        yield gateway
        changing.moved.set()


class Caller:
    """One connection, on which bytes are sent as they are."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, *parts: bytes, head: bool = False) -> bytes:
        """The whole answer to one request, sent in these parts."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0.01 if len(parts) > 1 else 0)
        return await self.answer(head=head)

    async def answer(self, *, head: bool = False) -> bytes:
        async with asyncio.timeout(10):
            top = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", top)
            if head or b" 304 " in top or length is None:
                return top
            return top + await self.reader.readexactly(int(length[1]))


@pytest.fixture
async def caller(keeping: Gateway) -> AsyncIterator[Caller]:
    reader, writer = await asyncio.open_connection("127.0.0.1", keeping.port)
    yield Caller(reader, writer)
    writer.close()


def remembered(gateway: Gateway) -> dict[tuple[str, bytes], Given]:
    assert gateway.door.repeats is not None
    return gateway.door.repeats._given


def shape(answer: bytes) -> list[bytes]:
    """An answer without what each one has anew; headers in no order."""
    top, body = answer.split(b"\r\n\r\n", 1)
    assert {name for name, _ in _pairs(top)} >= {b"date", b"age", b"x-request-id", b"ratelimit"}
    first, *lines = CHANGES.sub(b"", top + b"\r\n").split(b"\r\n")
    return [first, *sorted(lines), body]


def _pairs(top: bytes) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, _, value in (line.partition(b": ") for line in top.split(b"\r\n")[1:])]


class TestRepeat:
    @pytest.mark.parametrize(
        "said",
        [
            GET + b"\r\n",
            GET + b'If-None-Match: "one"\r\n\r\n',
            GET.replace(b"GET", b"HEAD") + b"\r\n",
            GET + b"Origin: https://elsewhere.example\r\n\r\n",
            GET + b"Accept-Language: pl\r\nConnection: keep-alive\r\n\r\n",
            GET.replace(b"things", b"things?b=2&a=1") + b"\r\n",
        ],
        ids=["whole", "known", "head", "another origin", "in Polish", "with a query"],
    )
    async def test_gets_what_it_got_before(self, keeping: Gateway, caller: Caller, said: bytes) -> None:
        only_head = said.startswith(b"HEAD")
        plain = said.replace(b"HEAD", b"GET").replace(b'If-None-Match: "one"\r\n', b"")
        await caller.ask(plain)
        ordinary = await caller.ask(said, head=only_head)
        assert ("127.0.0.1", said) in remembered(keeping)

        again = await caller.ask(said, head=only_head)

        assert shape(again) == shape(ordinary)
        assert again != ordinary

    async def test_never_reaches_the_door(self, keeping: Gateway, caller: Caller) -> None:
        for _ in range(2):
            await caller.ask(GET + b"\r\n")
        known = remembered(keeping)
        for key, given in known.items():
            known[key] = replace(given, headers=given.headers + b"x-from: below\r\n")

        assert b"x-from: below" in await caller.ask(GET + b"\r\n")

    async def test_is_counted_like_any_other(self, keeping: Gateway, caller: Caller) -> None:
        answers = [await caller.ask(GET + b"\r\n") for _ in range(21)]

        left = [re.search(rb'ratelimit: "anonymous";r=(\d+);', answer) for answer in answers]
        assert [int(each[1]) for each in left if each] == [*range(19, -1, -1), 0]
        assert [answer[9:12] for answer in answers] == [b"200"] * 20 + [b"429"]

    async def test_is_counted_for_whom_a_proxy_names(self, keeping: Gateway, caller: Caller) -> None:
        one, other = (GET + b"X-Forwarded-For: 192.0.2.%d\r\n\r\n" % number for number in (1, 2))
        await caller.ask(one)
        for _ in range(19):
            assert b" 200 OK" in await caller.ask(one)

        assert b" 429 " in await caller.ask(one)
        assert b" 200 OK" in await caller.ask(other)

    async def test_is_told_of_a_change_at_once(self, keeping: Gateway, caller: Caller, changing: Changing) -> None:  # noqa: F811
        for _ in range(3):
            assert b'{"page": 1}' in await caller.ask(GET + b"\r\n")

        changing.etag = '"two"'
        await keeping.client.post("/v1/things", json={}, headers=await keeping.as_role("office"))

        assert b'{"page": 1}' not in await caller.ask(GET + b"\r\n")

    async def test_is_not_answered_once_its_feed_is_lost(self, keeping: Gateway, caller: Caller) -> None:
        for _ in range(3):
            await caller.ask(GET + b"\r\n")
        keeping.app.state.cache.store.lose("registry")

        assert b"age: " not in await caller.ask(GET + b"\r\n")


class TestOrdinaryWay:
    async def test_is_that_of_requests_in_a_row(self, keeping: Gateway, caller: Caller) -> None:
        for _ in range(2):
            await caller.ask(GET + b"\r\n")
        slow = GET.replace(b"things", b"any/x") + b"\r\n"

        caller.writer.write(slow + GET + b"\r\n")
        caller.writer.write(GET + b"\r\n")
        first, *others = [await caller.answer() for _ in range(3)]

        assert b"age: " not in first
        assert all(b"age: " in each for each in others)

    async def test_is_that_of_heads_in_parts(self, keeping: Gateway, caller: Caller) -> None:
        for _ in range(2):
            await caller.ask(GET + b"\r\n")

        split = await caller.ask(GET[:10], GET[10:] + b"\r\n")
        hidden = await caller.ask(b"GET /v1/any/x HTTP/1.1\r\nHost: x\r\nX-Rest: ", GET + b"\r\n")

        assert b"age: " in split
        assert hidden.startswith(b"HTTP/1.1 400 ")

    @pytest.mark.parametrize(
        "said",
        [
            GET + b"X-Request-ID: 0123456789abcdef0123456789abcdef\r\n\r\n",
            GET + b"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n",
            GET.replace(b"1.1", b"1.0") + b"\r\n",
            GET + b"Connection: close\r\n\r\n",
            GET + b"Cache-Control: no-cache\r\n\r\n",
            GET + b"Content-Length: 0\r\nX-Long: " + b"a" * LONGEST + b"\r\n\r\n",
        ],
    )
    async def test_is_that_of_what_comes_once(self, keeping: Gateway, said: bytes) -> None:
        for _ in range(3):
            assert b" 200 OK" in await keeping.raw(said)

        assert not remembered(keeping)

    async def test_is_that_of_whoever_has_a_key(self, keeping: Gateway, caller: Caller) -> None:
        key = (await keeping.as_role("office"))["Authorization"].encode()
        for _ in range(3):
            await caller.ask(GET + b"Authorization: " + key + b"\r\n\r\n")

        assert not remembered(keeping)

    async def test_is_that_of_a_gateway_that_stops(self, keeping: Gateway, caller: Caller) -> None:
        for _ in range(3):
            await caller.ask(GET + b"\r\n")
        keeping.app.state.health.draining = True

        assert b"connection: close" in await caller.ask(GET + b"\r\n")

    async def test_is_remembered_of_so_many(self, keeping: Gateway, caller: Caller) -> None:
        known = remembered(keeping)
        for _ in range(2):
            await caller.ask(GET + b"\r\n")
        [given] = known.values()
        for number in range(MOST - 1):
            known[("192.0.2.1", b"%d" % number)] = given

        await caller.ask(GET + b"Accept: */*\r\n\r\n")
        await caller.ask(GET + b"Accept: */*\r\n\r\n")

        assert len(known) == MOST
        assert ("127.0.0.1", GET + b"\r\n") not in known


class TestIsOneHead:
    @pytest.mark.parametrize(
        "said", [b"", b"\r\n\r\n" * 2, GET, GET + b"\r\nx", GET + b"\r\n" + GET + b"\r\n", b"a" * LONGEST + b"\r\n\r\n"]
    )
    def test_is_not_true_of_anything_else(self, said: bytes) -> None:
        assert not is_one_head(said)

    def test_is_true_of_a_head(self) -> None:
        assert is_one_head(GET + b"\r\n")
