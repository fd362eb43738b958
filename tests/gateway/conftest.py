"""The gateway as it is served, in front of services that the tests script byte by byte."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_gateway.contract.merging import merge_contracts
from klaster_gateway.door import Door
from klaster_gateway.keys.making import ADMIN
from klaster_gateway.keys.operations import create_key
from klaster_gateway.keys.schemas import KeyCreate
from klaster_gateway.main import create_app, create_door
from klaster_gateway.served import protocol_of
from klaster_gateway.settings import Settings
from klaster_shared.contract import contract_of
from klaster_shared.dates import utc_now
from klaster_shared.testing.databases import sqlite_copy
from klaster_shared.testing.servers import serving
from klaster_shared.testing.servers import test_keys as keys_folder

Answer = Callable[["Asked", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens
ENTITY = "01890000-0000-7000-8000-000000000000"


def operation(name: str, role: str = "anonymous", scope: str = "things:read", **more: Any) -> dict[str, Any]:
    """An operation as the services' contracts have it."""
    return {"operationId": name, "x-klaster-role": role, "x-klaster-scope": scope, "responses": {}, **more}


def uuid_parameter(name: str) -> dict[str, Any]:
    """A path parameter that is an id."""
    return {"name": name, "in": "path", "schema": {"type": "string", "format": "uuid"}}


SAMPLE = {
    "openapi": "3.1.0",
    "paths": {
        "/v1/things": {
            "get": operation("list_things"),
            "post": operation("create_thing", "office", "things:write"),
        },
        "/v1/things/{thing_id}": {
            "get": operation("get_thing", parameters=[uuid_parameter("thing_id")]),
            "put": operation("put_thing", "office", "things:write", parameters=[uuid_parameter("thing_id")]),
        },
        "/v1/any/{name}": {"get": operation("get_any"), "post": operation("post_any")},
        "/v1/large": {"post": operation("post_large", **{"x-klaster-max-body": 8 * 1024 * 1024})},
        "/v1/anywhere": {
            "get": operation("get_anywhere", **{"x-klaster-cross-origin": True}),
            "post": operation("post_anywhere", **{"x-klaster-cross-origin": True}),
        },
        "/v1/secrets": {"get": operation("list_secrets", "admin", "secrets:read")},
        "/v1/checkin": {"post": operation("check_in", "device", "checkin:write")},
    },
}


@dataclass
class Asked:
    """One request as it arrived at a service, byte by byte."""

    line: bytes
    headers: list[tuple[bytes, bytes]]
    connection: int
    body: bytes = b""

    def header(self, name: bytes) -> list[bytes]:
        return [value for known, value in self.headers if known.lower() == name]


async def answer_ok(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What a service says unless a test scripts it otherwise."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


def answer_bytes(data: bytes, *, then_close: bool = False) -> Answer:
    """Answer with these bytes, whatever they are."""

    async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if then_close:
            writer.close()

    return answer


@dataclass
class Service:
    """A service behind the gateway, scripted: what it was asked, and what it says."""

    asked: list[Asked] = field(default_factory=list)
    answer: Answer = answer_ok
    reads_bodies: bool = True
    connections: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while not writer.is_closing():
                asked = _parse(await reader.readuntil(b"\r\n\r\n"), number)
                self.asked.append(asked)
                if self.reads_bodies:
                    asked.body = await _read_body(asked, reader)
                await self.answer(asked, reader, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.closed.set()
            writer.close()


def _parse(head: bytes, connection: int) -> Asked:
    line, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    pairs = [each.split(b":", 1) for each in lines]
    return Asked(line=line, headers=[(name, value.strip()) for name, value in pairs], connection=connection)


async def _read_body(asked: Asked, reader: asyncio.StreamReader) -> bytes:
    if length := asked.header(b"content-length"):
        return await reader.readexactly(int(length[0]))
    parts = []
    if asked.header(b"transfer-encoding"):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
    return b"".join(parts)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A scripted service on a port of its own."""
    scripted = Service()
    server = await asyncio.start_server(scripted.handle, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield scripted
    server.close()


@dataclass
class Gateway:
    """A gateway that runs, and what tests need of it."""

    url: str
    app: FastAPI
    door: Door
    client: httpx.AsyncClient

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    async def key(self, role: str = "admin", **more: Any) -> str:
        """A new key's text."""
        wanted = KeyCreate.model_validate({"name": f"test {role}", "role": role, **more})
        async with self.app.state.database.write() as session:
            scopes = self.app.state.scopes
            _key, text = await create_key(session, wanted=wanted, by=ADMIN, scopes=scopes, now=utc_now())
        return text

    async def as_role(self, role: str, **more: Any) -> dict[str, str]:
        """Headers of a caller in this role."""
        return {"Authorization": f"Bearer {await self.key(role, **more)}"}

    async def raw(self, data: bytes, *, close: bool = False) -> bytes:
        """Send bytes as they are; what comes back until the gateway closes, or is silent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        await writer.drain()
        if close:
            writer.write_eof()
        received = b""
        try:
            while part := await asyncio.wait_for(reader.read(65536), 1.0 if received else 20.0):
                received += part
        except TimeoutError:
            pass
        writer.close()
        return received


@cache
def own_contract() -> dict[str, Any]:
    """Made once: it takes longer than most tests."""
    return contract_of(create_app(Settings(database_url="sqlite+aiosqlite:///never.db", jwks_file=Path())))


@cache
def sample_contract() -> dict[str, Any]:
    """What the door knows in these tests: the sample service, and the gateway's own routes."""
    return merge_contracts([("registry", SAMPLE), ("gateway", own_contract())], info={"title": "t"})


@asynccontextmanager
async def running_gateway(database_url: str, **settings: Any) -> AsyncIterator[Gateway]:
    """The gateway with the sample contract, as it is served."""
    told = Settings(
        database_url=database_url,
        jwks_file=keys_folder() / "jwks.json",
        private_key_file=keys_folder() / "gateway.jwk",
        # Nothing is kept unless a test is about that: the others count what their service is asked.
        **{
            "registry_url": NOWHERE,
            "indicators_url": NOWHERE,
            "events_url": NOWHERE,
            "cache_megabytes": 0,
            "run_jobs": False,
            "connect_timeout": 10.0,  # a busy machine is no service that is away
            **settings,
        },
    )
    app = create_app(told)
    app.openapi_schema = own_contract()
    door = create_door(app, contract=sample_contract())
    async with (
        serving(door, protocol=protocol_of(door, told)) as url,
        # No certificates are looked at over plain HTTP, and loading them takes longer than most tests.
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=20, verify=False) as client,
    ):
        yield Gateway(url=url, app=app, door=door, client=client)


@pytest.fixture(scope="session")
def service_package() -> str:
    """Whose databases the tests below get."""
    return "klaster_gateway"


@pytest.fixture
async def own_database(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A database for tests that are about something else: one engine is enough."""
    templates = tmp_path_factory.getbasetemp() / "templates"
    templates.mkdir(exist_ok=True)
    async with sqlite_copy("klaster_gateway", templates=templates, folder=tmp_path) as url:
        yield url


@pytest.fixture
async def gateway(own_database: str, service: Service) -> AsyncIterator[Gateway]:
    """The gateway in front of the scripted service."""
    async with running_gateway(own_database, registry_url=service.url, read_timeout=1.0) as running:
        yield running
