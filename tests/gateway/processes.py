"""The gateway and the registry as processes of their own, as they are run."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from klaster_shared.tokens import create_keys

STARTED_WITHIN = 60


@dataclass
class Process:
    """A service that runs: where it answers, and what it wrote."""

    name: str
    port: int
    lines: bytes = b""
    running: asyncio.subprocess.Process = field(repr=False, default=None)  # type: ignore[assignment]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def raw(self, *parts: bytes, wait: float = 1.0) -> bytes:
        """Send bytes as they are; what comes back until the other side closes, or is silent for that long."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        received = b""
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
            async with asyncio.timeout(wait):
                while piece := await reader.read(65536):
                    received += piece
        except (TimeoutError, ConnectionError):
            pass
        writer.close()
        return received


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@asynccontextmanager
async def process(name: str, *, database_url: str, keys: Path, **settings: str) -> AsyncIterator[Process]:
    """A service with these settings, once it is ready."""
    started = Process(name, free_port())
    told = {
        "DATABASE_URL": database_url,
        "JWKS_FILE": f"{keys}/jwks.json",
        "PRIVATE_KEY_FILE": f"{keys}/gateway.jwk",
        "PORT": str(started.port),
        **settings,
    }
    environment = {**os.environ, **{f"{name.upper()}_{key}": value for key, value in told.items()}}
    started.running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"klaster_{name}"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    listening = asyncio.create_task(_collect(started))
    try:
        await _ready(started)
        yield started
    finally:
        if started.running.returncode is None:
            started.running.terminate()
        await started.running.wait()
        await listening


async def _collect(started: Process) -> None:
    assert started.running.stdout is not None
    async for line in started.running.stdout:
        started.lines += line


async def _ready(started: Process) -> None:
    async with asyncio.timeout(STARTED_WITHIN), httpx.AsyncClient(base_url=started.url, trust_env=False) as client:
        while True:
            assert started.running.returncode is None, started.lines.decode()
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


@dataclass
class Small:
    """Two gateways on one database in front of one registry: as much of a stack as most questions need."""

    first: Process
    second: Process
    registry: Process
    keys: Path
    database_url: str


@asynccontextmanager
async def small_stack(folder: Path, databases: Mapping[str, str], **settings: str) -> AsyncIterator[Small]:
    """Start it, with settings of the gateways."""
    keys = folder / "keys"
    create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    async with AsyncExitStack() as running:
        registry = await running.enter_async_context(
            process("registry", database_url=databases["registry"], keys=keys, RUN_JOBS="false")
        )
        told = {
            "REGISTRY_URL": registry.url,
            "INDICATORS_URL": "http://127.0.0.1:9",
            "EVENTS_URL": "http://127.0.0.1:9",
        }
        gateways = await asyncio.gather(
            *(
                running.enter_async_context(
                    process("gateway", database_url=databases["gateway"], keys=keys, **told, **settings)
                )
                for _ in range(2)
            )
        )
        yield Small(*gateways, registry=registry, keys=keys, database_url=databases["gateway"])
