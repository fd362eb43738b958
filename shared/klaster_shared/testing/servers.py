"""Real HTTP in tests: an app on a loopback port, and callers with good tokens."""

import asyncio
import atexit
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn

from klaster_shared.access import Role
from klaster_shared.keyfiles import create_keys
from klaster_shared.protocol import ProblemProtocol
from klaster_shared.tokens import Signer


class _Server(uvicorn.Server):
    """Ends when the test does: uvicorn itself looks ten times a second, which adds up over a thousand tests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ended = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        patience = asyncio.get_running_loop().time() + 2
        while self.server_state.connections or self.server_state.tasks:
            if asyncio.get_running_loop().time() > patience:
                for task in self.server_state.tasks:
                    task.cancel()
                break
            await asyncio.sleep(0.002)
        await self.lifespan.shutdown()


@asynccontextmanager
async def serving(app: Any, *, protocol: type[ProblemProtocol] = ProblemProtocol) -> AsyncIterator[str]:
    """The app behind a real socket, started and drained as in production; yields its base URL."""
    # Named as TCP: else asyncio leaves Nagle on, and each answer waits 40 ms for the caller's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=protocol,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if running.done():
            running.result()
            raise RuntimeError("the app did not start")
        await asyncio.sleep(0.002)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.ended.set()
        await running
        listener.close()


@cache
def test_keys() -> Path:
    """A folder of keys for this test run: `<name>.jwk` and `jwks.json`."""
    folder = Path(tempfile.mkdtemp(prefix="klaster-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_keys(["gateway", "indicators", "events"], private=folder, jwks=folder / "jwks.json")
    return folder


def signer(issuer: str = "gateway") -> Signer:
    """Signs in the name of a service of this test run."""
    return Signer.from_file(issuer, test_keys() / f"{issuer}.jwk")


def token(
    audience: str,
    role: Role = "admin",
    scopes: Iterable[str] = (),
    *,
    subject: str = "",
    entity: UUID | None = None,
) -> str:
    """An internal token as the gateway would mint it."""
    return signer().mint(audience=audience, subject=subject or f"test:{role}", role=role, scopes=scopes, entity=entity)


class _Scoped(httpx.Auth):
    """Signs each request with every scope of the service: roles are what most tests are about."""

    def __init__(
        self, audience: str, role: Role, scopes: Iterable[str], entity: UUID | None, subject: str = ""
    ) -> None:
        self._how = (audience, role, frozenset(scopes))
        self._entity = entity
        self._subject = subject

    def auth_flow(self, request: httpx.Request) -> Any:
        audience, role, scopes = self._how
        signed = token(audience, role, scopes, entity=self._entity, subject=self._subject)
        request.headers["Authorization"] = f"Bearer {signed}"
        yield request


def scopes_of(app: Any) -> set[str]:
    """Every scope that an app's contract names."""
    paths = app.openapi()["paths"].values()
    return {operation["x-klaster-scope"] for item in paths for operation in item.values()}


@asynccontextmanager
async def calling(
    base_url: str, app: Any, role: Role = "admin", *, entity: UUID | None = None, subject: str = ""
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that calls `app` at `base_url` in a role."""
    audience = app.state.health.service
    auth = _Scoped(audience, role, scopes_of(app), entity, subject)
    # No certificates are looked at over plain HTTP, and loading them takes longer than most tests.
    async with httpx.AsyncClient(
        base_url=base_url,
        auth=auth,
        trust_env=False,
        timeout=30,
        verify=False,  # noqa: S501
    ) as client:
        yield client
