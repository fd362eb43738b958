"""The gateway as it is run: two processes on one database, asked byte by byte."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from klaster_gateway.database import open_database
from klaster_gateway.keys.making import ADMIN
from klaster_gateway.keys.operations import create_key
from klaster_gateway.keys.schemas import KeyCreate
from klaster_shared.dates import utc_now
from klaster_shared.testing.databases import sqlite_copy
from tests.gateway.processes import Small, small_stack

PATIENCE = 1.5  # seconds that the gateways below wait for slow clients
SLOW = 300  # connections that are slow at the same time
ENDLESS = 24 * 2**20  # bytes; what a machine keeps on the way between two of its processes is less than half of that


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Small]:
    """Two gateways and a registry."""
    templates = tmp_path_factory.getbasetemp() / "templates"
    templates.mkdir(exist_ok=True)
    folder = tmp_path_factory.mktemp("served")
    async with (
        sqlite_copy("klaster_gateway", templates=templates, folder=folder) as gateway,
        sqlite_copy("klaster_registry", templates=templates, folder=folder) as registry,
        small_stack(
            folder,
            {"gateway": gateway, "registry": registry},
            CACHE_MEGABYTES="0",
            SLOW_HEAD_SECONDS=str(PATIENCE),
            SLOW_BODY_SECONDS=str(PATIENCE),
            SLOW_READER_SECONDS=str(PATIENCE),
            TRUSTED_PROXIES='["192.0.2.0/24"]',
            LOG_LEVEL="INFO",
        ) as running,
    ):
        yield running


@pytest.fixture(scope="module")
async def admin(stack: Small) -> dict[str, str]:
    """Headers of an admin, made beside the processes."""
    database = open_database(stack.database_url)
    async with database.write() as session:
        wanted = KeyCreate(name="admin", role="admin", entity=None, scopes=None, expires_at=None)
        _, text = await create_key(session, wanted=wanted, by=ADMIN, scopes={}, now=utc_now())
    await database.dispose()
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture(scope="module")
async def both(stack: Small) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """A client of each gateway."""
    async with (
        httpx.AsyncClient(base_url=stack.first.url, trust_env=False, timeout=30) as first,
        httpx.AsyncClient(base_url=stack.second.url, trust_env=False, timeout=30) as second,
    ):
        yield first, second


Both = tuple[httpx.AsyncClient, httpx.AsyncClient]


async def me(client: httpx.AsyncClient, key: str) -> int:
    return (await client.get("/v1/whoami", headers={"Authorization": f"Bearer {key}"})).status_code


class TestReplicas:
    async def test_know_of_keys_that_were_made_rotated_and_revoked_at_the_other(
        self, both: Both, admin: dict[str, str]
    ) -> None:
        first, second = both
        made = (await first.post("/v1/keys", headers=admin, json={"name": "n", "role": "office"})).json()
        path = f"/v1/keys/{made['id']}"
        assert [await me(client, made["key"]) for client in both] == [200, 200]
        again = (await second.post(f"{path}/rotate", headers={**admin, "If-Match": '"1"'})).json()
        assert [await me(client, key) for client in both for key in (made["key"], again["key"])] == [200] * 4
        assert (await first.delete(path, headers={**admin, "If-Match": '"2"'})).status_code == 204
        await asyncio.sleep(1.0)  # what a replica knows of a key, it knows for a second
        assert [await me(client, key) for client in both for key in (made["key"], again["key"])] == [401] * 4


class TestSigningKeys:
    async def test_are_exchanged_without_a_request_that_fails(
        self, stack: Small, both: Both, admin: dict[str, str]
    ) -> None:
        before = json.loads((stack.keys / "gateway.jwk").read_text())["kid"]
        statuses: list[int] = []
        done = asyncio.Event()

        async def ask(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
            while not done.is_set():
                statuses.append((await client.get("/v1/interest-groups", headers=headers)).status_code)

        asking = [asyncio.create_task(ask(client, headers)) for client in both for headers in (admin, {})]
        for _ in range(2):
            command = ("--jwks", f"{stack.keys}/jwks.json", "--private", f"{stack.keys}", "--rotate", "gateway")
            rotating = await asyncio.create_subprocess_exec(sys.executable, "-m", "klaster_shared.tokens", *command)
            assert await rotating.wait() == 0
            await asyncio.sleep(0.3)  # and somebody asks with the new one
        done.set()
        await asyncio.gather(*asking)
        assert set(statuses) == {200}
        assert json.loads((stack.keys / "gateway.jwk").read_text())["kid"] != before


class TestAnswers:
    @pytest.mark.parametrize("target", ["/v1/entities", "/nothing", "/v1/keys", "/docs", "/v1/events"])
    async def test_say_neither_what_nor_which_version_serves_them(self, stack: Small, target: str) -> None:
        received = await stack.first.raw(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        head = received.split(b"\r\n\r\n")[0].lower()
        assert b"\r\nserver:" not in head
        assert b"x-powered-by" not in head
        assert b"uvicorn" not in received.lower()

    async def test_to_nonsense_say_no_more(self, stack: Small) -> None:
        received = await stack.first.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        assert received.startswith(b"HTTP/1.1 400")
        assert b"server:" not in received.lower()

    async def test_count_nobody_by_an_address_that_is_only_claimed(self, both: Both) -> None:
        left = []
        for number in range(3):
            claimed = f"198.51.100.{number}"
            headers = {"X-Forwarded-For": claimed, "Forwarded": f"for={claimed}", "X-Real-IP": claimed}
            answer = await both[0].get("/v1/whoami", headers=headers)
            left.append(int(answer.headers["ratelimit"].split("r=")[1].split(";")[0]))
        assert left == [left[0], left[0] - 1, left[0] - 2]

    async def test_to_deep_json_are_problems(self, both: Both, admin: dict[str, str]) -> None:
        headers = {**admin, "Content-Type": "application/json"}
        for deep in ("[" * 50_000 + "]" * 50_000, '{"name":' * 50_000 + "1" + "}" * 50_000):
            answer = await both[0].post("/v1/keys", headers=headers, content=deep)
            assert answer.status_code in {400, 422}, answer.text[:200]
            assert answer.headers["content-type"] == "application/problem+json"


class TestSlowClients:
    async def test_hold_no_connection_for_long(self, stack: Small, admin: dict[str, str]) -> None:
        key = admin["Authorization"].encode()
        post = b"POST /v1/keys HTTP/1.1\r\nHost: x\r\nAuthorization: " + key + b"\r\nContent-Type: application/json\r\n"
        silent, head, body, chunks = await asyncio.gather(
            stack.first.raw(wait=15),
            stack.first.raw(b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\nX-S", wait=15),
            stack.first.raw(post + b'Content-Length: 100\r\n\r\n{"na', wait=15),
            stack.first.raw(post + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", wait=15),
        )
        for received in (silent, head, body, chunks):
            assert received.startswith(b"HTTP/1.1 408 "), received
            assert b'"code":"too_slow"' in received

    async def test_that_drip_are_dropped_too(self, stack: Small) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", stack.first.port)
        writer.write(b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\n")
        answer = asyncio.create_task(reader.read(1000))
        for _ in range(100):
            writer.write(b"X: y\r\n")
            if (await asyncio.wait([answer], timeout=0.1))[0]:
                break
        assert (await answer).startswith(b"HTTP/1.1 408 ")
        writer.close()

    async def test_that_never_read_are_left(self, stack: Small) -> None:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(client, ("127.0.0.1", stack.first.port))
            wanted = 30
            await loop.sock_sendall(client, b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * wanted)
            await asyncio.sleep(PATIENCE + 1.5)
            received = 0
            try:
                async with asyncio.timeout(10):
                    while part := await loop.sock_recv(client, 1 << 20):
                        received += len(part)
            except ConnectionError:
                pass
        async with httpx.AsyncClient(base_url=stack.first.url, trust_env=False) as patient:
            assert received < wanted * len((await patient.get("/openapi.json")).content)

    async def test_keep_nobody_else_from_being_served(self, stack: Small, both: Both) -> None:
        connections = [await asyncio.open_connection("127.0.0.1", stack.first.port) for _ in range(SLOW)]
        for _, writer in connections:
            writer.write(b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert [(await both[0].get("/v1/interest-groups")).status_code for _ in range(10)] == [200] * 10
        answers = await asyncio.gather(*(reader.read(13) for reader, _ in connections))
        assert set(answers) == {b"HTTP/1.1 408 "}
        for _, writer in connections:
            writer.close()

    async def test_that_send_blank_lines_are_awaited_no_longer(self, stack: Small) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", stack.first.port)
        writer.write(HEAD + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        writer.write(b"\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()


HEAD = b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"POST /v1/keys HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LINES = (b"X-Flood: " + b"x" * 8000 + b"\r\n") * 8
FLOODS = {
    "headers without an end": (HEAD, LINES),
    "one header without an end": (HEAD + b"X-Flood: ", b"x" * 65_536),
    "small headers without an end": (HEAD, b"a:b\r\n" * 10_000),
    "a path without an end": (b"GET /", b"x" * 65_536),
    "blank lines": (b"", b"\r\n" * 32_768),
    "trailers without an end": (CHUNKED + b"0\r\n", LINES),
    "a chunk's extension without an end": (CHUNKED + b"1;", b"x" * 65_536),
    "a chunk's size without an end": (CHUNKED, b"0" * 65_536),
}


class TestFloods:
    @pytest.mark.parametrize("what", FLOODS)
    async def test_are_cut_off_before_they_fill_the_memory(self, stack: Small, both: Both, what: str) -> None:
        begin, more = FLOODS[what]
        reader, writer = await asyncio.open_connection("127.0.0.1", stack.first.port)
        writer.write(begin)
        sent = 0
        with suppress(ConnectionError):  # cut off while it sends, as it has earned
            while not reader.at_eof() and sent < ENDLESS:
                writer.write(more)
                await writer.drain()
                sent += len(more)
        writer.close()
        assert sent < ENDLESS
        assert (await both[0].get("/v1/interest-groups")).status_code == 200

    async def test_that_end_are_told_what_was_too_much(self, stack: Small) -> None:
        close = b"Connection: close\r\n"
        path = b"GET /v1/interest-groups?q=" + b"x" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n" + close
        for head, status in ((HEAD + close + LINES, b"431"), (path, b"414")):
            assert (await stack.first.raw(head + b"\r\n", wait=15))[9:12] == status


class TestTrailers:
    async def test_are_no_headers(self, both: Both, stack: Small) -> None:
        for trailer in (b"Authorization: Bearer klk_nobody", b"Host: elsewhere.example", b"Klaster-Entity: nobody"):
            asked = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailer + b"\r\n\r\n"
            received = await stack.first.raw(asked, wait=15)
            assert received.startswith(b"HTTP/1.1 200 "), received
            assert b'"subject":"anonymous"' in received


class TestLines:
    async def test_hold_no_key_and_no_link(self, stack: Small, both: Both, admin: dict[str, str]) -> None:
        link = "AZAAAAAAcACAAAAAAAAAAQ.h2kpt7yHlJ4pVZ3z0vYh7qYz5pA"
        await both[0].get(f"/v1/registration-links/{link}")
        await both[0].get("/v1/whoami", headers={"Authorization": "Bearer klk_abcdefgh_" + "x" * 43})
        await both[0].get(f"/v1/nothing/{link}?key={admin['Authorization'].split()[1]}")
        written = stack.first.lines.decode() + stack.registry.lines.decode()
        assert "refused" in written
        for secret in (link, link.split(".")[1], "klk_", "x" * 43):
            assert secret not in written
