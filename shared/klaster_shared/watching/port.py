"""A port that only whoever runs a service reaches: its metrics and its health, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI
from sqlalchemy import MetaData
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from klaster_shared.database import Database
from klaster_shared.health import PRIVATE, Health, health_router
from klaster_shared.settings import ServiceSettings
from klaster_shared.watching.measures import Measures

_PATHS = frozenset({"/health", "/health/live", "/health/ready", "/metrics", "/version"})


class _Beside(uvicorn.Server):
    """A second server of a process: signals are the first one's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def private_port(app: ASGIApp, settings: ServiceSettings) -> AsyncIterator[None]:
    """Answer on the private port, where there is one, for as long as the block takes."""
    if not settings.metrics_port:
        yield
        return
    config = uvicorn.Config(
        _private(app),
        host=settings.host,
        port=settings.metrics_port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = _Beside(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _private(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in _PATHS:
            await app({**scope, PRIVATE: True}, receive, send)
        else:
            await PlainTextResponse("There is nothing here", 404)(scope, receive, send)

    return answer


@asynccontextmanager
async def watched_worker(
    service: str, *, settings: ServiceSettings, database: Database, metadata: MetaData, working: Sequence[object]
) -> AsyncIterator[None]:
    """The private port of a process that works and serves nobody: how its work goes, and what it has counted."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.database = database
    app.state.metadata = metadata
    app.state.measures = Measures(database, [])  # what is in the database, its service tells
    app.state.working = list(working)
    app.state.worker_tasks = []
    app.state.health = Health(service=service, package=f"klaster_{service}")
    app.router.routes.extend(health_router().routes)
    async with private_port(app, settings):
        yield
