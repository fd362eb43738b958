"""SIGTERM to a gateway under load: nobody who was answered last time is left without an answer."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from klaster_gateway.contract.committed import committed_contract
from klaster_gateway.keys.making import ADMIN
from klaster_gateway.keys.operations import create_key
from klaster_gateway.keys.schemas import KeyCreate
from klaster_gateway.keys.scopes import scopes_of_roles
from klaster_gateway.main import create_app
from klaster_gateway.settings import Settings
from klaster_shared.dates import utc_now
from klaster_shared.testing.databases import sqlite_copy
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.gateway.conftest import Asked, Service
from tests.running import free_ports

CLIENTS = 8
pytestmark = pytest.mark.timeout(120)


async def answer(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A page takes a moment; a feed waits, or streams without an end."""
    if b"/changes" not in asked.line:
        await asyncio.sleep(0.02)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n" + b'{"items":[]}'
        )
    elif asked.header(b"accept") == [b"text/event-stream"]:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head + b"8\r\n: here\n\n\r\n")
        await writer.drain()
        await reader.read()
    elif b"wait=15" in asked.line or b"wait=8" in asked.line:
        await reader.read()
    else:
        body = b'{"items":[],"next":"7"}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


@dataclass
class Load:
    """Clients that ask one thing after the other on connections that they keep."""

    url: str
    answered: int = 0
    failed: list[str] = field(default_factory=list)
    refused: int = 0

    async def client(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20) as client:
            while not self.refused:
                try:
                    status = (await client.get("/v1/entities")).status_code
                except httpx.ConnectError:
                    self.refused += 1  # nobody listens any more: a balancer has turned elsewhere by now
                except httpx.HTTPError as error:
                    self.failed.append(f"{type(error).__name__}: {error}")
                else:
                    self.answered += 1
                    if status != 200:
                        self.failed.append(str(status))


@pytest.fixture
async def scripted() -> AsyncIterator[Service]:
    service = Service(answer=answer)
    server = await asyncio.start_server(service.handle, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield service
    server.close()


@pytest.fixture
async def database(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    templates = tmp_path_factory.getbasetemp() / "templates"
    templates.mkdir(exist_ok=True)
    async with sqlite_copy("klaster_gateway", templates=templates, folder=tmp_path) as url:
        yield url


async def key_of(database: str) -> dict[str, str]:
    app = create_app(Settings(database_url=database, jwks_file=keys_folder() / "jwks.json"))
    wanted = KeyCreate.model_validate({"name": "follower", "role": "integrator"})
    async with app.state.database.write() as session:
        _key, text = await create_key(
            session, wanted=wanted, by=ADMIN, scopes=scopes_of_roles(committed_contract()), now=utc_now()
        )
    await app.state.database.dispose()
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
async def gateway(database: str, scripted: Service) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A gateway of its own process."""
    port = free_ports()
    told = {f"GATEWAY_{name}_URL": scripted.url for name in ("REGISTRY", "INDICATORS", "EVENTS")}
    environment = {
        **os.environ,
        **told,
        "GATEWAY_DATABASE_URL": database,
        "GATEWAY_JWKS_FILE": str(keys_folder() / "jwks.json"),
        "GATEWAY_PRIVATE_KEY_FILE": str(keys_folder() / "gateway.jwk"),
        "GATEWAY_PORT": str(port),
        "GATEWAY_CACHE_MEGABYTES": "0",
        "GATEWAY_RATE_ANONYMOUS": "1000000/minute",
        "GATEWAY_LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "klaster_gateway", env=environment)
    url = f"http://127.0.0.1:{port}"
    async with asyncio.timeout(60), httpx.AsyncClient(base_url=url, trust_env=False) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get("/health/ready")).status_code == 200:
                    break
            await asyncio.sleep(0.05)
    yield process, url
    if process.returncode is None:
        process.kill()
        await process.wait()


async def ended(client: httpx.AsyncClient, path: str, listening: asyncio.Event, **headers: str) -> str:
    """What a stream said until it ended; raises where it was cut short."""
    said = ""
    async with client.stream("GET", path, headers={"Accept": "text/event-stream", **headers}) as stream:
        assert stream.status_code == 200, await stream.aread()
        async for part in stream.aiter_text():
            said += part
            listening.set()
    return said


class TestTerm:
    async def test_leaves_nobody_without_an_answer(
        self, gateway: tuple[asyncio.subprocess.Process, str], database: str, scripted: Service
    ) -> None:
        process, url = gateway
        key, heard, followed = await key_of(database), asyncio.Event(), asyncio.Event()
        load = Load(url)
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
            own = asyncio.create_task(ended(client, "/v1/stream", heard))
            forwarded = asyncio.create_task(ended(client, "/v1/registry/changes", followed, **key))
            polling = asyncio.create_task(client.get("/v1/registry/changes?after=7&wait=15", headers=key))
            clients = [asyncio.create_task(load.client()) for _ in range(CLIENTS)]
            async with asyncio.timeout(30):
                await asyncio.gather(heard.wait(), followed.wait())
                while load.answered < 100 or not any(b"wait=15" in asked.line for asked in scripted.asked):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(15):
                while (await client.get("/health/ready")).status_code != 503:  # noqa: ASYNC110 # it listens still
                    await asyncio.sleep(0.01)
                await asyncio.gather(*clients)
                assert (await own).startswith("retry: ")
                assert await forwarded == ": here\n\n"
                poll = await polling
                assert await process.wait() in {0, -signal.SIGTERM}  # the server hands the signal on when it is done
        assert load.failed == []
        assert (poll.status_code, poll.json()["next"]) == (200, "7")
