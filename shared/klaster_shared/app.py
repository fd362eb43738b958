"""Building a service's app: the parts that every service has, put together in one order."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import getrandbits
from time import perf_counter
from typing import Protocol

import structlog
from fastapi import APIRouter, FastAPI
from sqlalchemy import MetaData
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from klaster_shared.contract import contract_of
from klaster_shared.database import Database
from klaster_shared.errors import TooLarge, install_error_handlers, problem_response
from klaster_shared.health import Check, Health, health_router
from klaster_shared.idempotency import Replayed, render_replay
from klaster_shared.jobs import Jobs
from klaster_shared.logs import current_actor, current_trace_id, set_actor, set_request_id, shown
from klaster_shared.settings import ServiceSettings
from klaster_shared.tokens import Verifier
from klaster_shared.watching.checks import kinds_of
from klaster_shared.watching.measures import Measure, Measures
from klaster_shared.watching.port import private_port
from klaster_shared.watching.standing import standing_measures

MAX_BODY = 1024 * 1024
_REQUEST_ID = re.compile(rb"^[A-Za-z0-9._~-]{1,128}$")
log = structlog.get_logger("klaster.access")


class RequestContext:
    """Names each request, echoes the name, and writes one access line (outermost, plain ASGI)."""

    def __init__(self, app: ASGIApp, health: Health) -> None:
        self.app = app
        self.health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        # A name, not a secret: the system's own randomness costs 50 us in some containers.
        request_id = given if _REQUEST_ID.match(given) else b"%032x" % getrandbits(128)
        set_request_id(request_id.decode())
        set_actor("", "")
        started = perf_counter()
        status = 500
        replaced = False
        # The framework's span lies inside of this: it is over by the time the line is written.
        traced: dict[str, str] = {}

        async def send_named(message: Message) -> None:
            nonlocal status, replaced
            if replaced:
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                if trace_id := current_trace_id():
                    traced["trace_id"] = trace_id
                if _is_plain_refusal(message):
                    replaced = True
                    await problem_response(TooLarge(), scope["path"])(scope, receive, _naming(send, request_id))
                    return
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
                if self.health.draining:
                    # The last of its connection: nobody sends another to a service that is about to be gone.
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        finally:
            (log.debug if is_routine(scope["path"], status) else log.info)(
                "request",
                method=scope["method"],
                path=shown(scope["path"]),
                status=status,
                ms=round((perf_counter() - started) * 1000, 1),
                **traced,
            )


def is_routine(path: str, status: int) -> bool:
    """What is asked all the time: health, metrics, and feeds by services. Its lines would hide the others."""
    followed = path.endswith("/changes") and status < 400 and current_actor().startswith("service:")
    return followed or path.startswith(("/health", "/metrics"))


def _is_plain_refusal(message: Message) -> bool:
    """The framework refuses a body over the limit in plain text, below every error handler."""
    return bool(message["status"] == 413) and (b"content-type", b"text/plain; charset=utf-8") in message["headers"]


def _naming(send: Send, request_id: bytes) -> Send:
    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
        await send(message)

    return send_named


class ServiceApp(FastAPI):
    """FastAPI with our request context outside everything, its own last-resort error and body limit included."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await RequestContext(super().__call__, self.state.health)(scope, receive, send)


class Work(Protocol):
    """Background work."""

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until `stop` is set; what is in hand is finished."""
        ...


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(
    *,
    service: str,
    title: str,
    summary: str,
    description: str,
    settings: ServiceSettings,
    metadata: MetaData,
    database: Database,
    routers: Sequence[APIRouter],
    jobs: Jobs | None = None,
    jobs_apart: Sequence[Work] = (),
    neighbours: Mapping[str, Check] | None = None,
    measures: Sequence[Measure] = (),
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """A service's app: its routers under the conventions that all services share.

    jobs_apart: background work that may wait long for others, and must not make the rest wait.
    """

    working: list[Work] = [*([jobs] if jobs is not None else []), *jobs_apart]

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        """Jobs start after the service's own parts, which they use, and stop before them; the database goes last."""
        app.state.stopping = asyncio.Event()
        async with (
            _database_for_life(database),
            private_port(app, app.state.settings),
            _own(lifespan, app),
            _jobs_for_life(app.state.worker_tasks, working, settings),
        ):
            yield

    app = ServiceApp(
        title=title,
        summary=summary,
        description=description,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        max_body_size=MAX_BODY,
        # Handlers are named verb_noun, which is what generated clients should call them.
        generate_unique_id_function=lambda route: route.name,
        lifespan=life,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.metadata = metadata
    app.state.jobs = jobs
    app.state.working = working
    app.state.worker_tasks = []
    standing = standing_measures(service, metadata, kinds=kinds_of(working))
    app.state.measures = Measures(database, [*standing, *measures])
    app.state.verifier = Verifier(service, settings.jwks_file)
    app.state.health = Health(service=service, package=f"klaster_{service}", neighbours=neighbours)
    app.state.stopping = None
    install_error_handlers(app)
    app.add_exception_handler(Replayed, render_replay)
    for router in (*routers, health_router()):
        # Taken over as they are: an included route is built a second time, and found through its router each time.
        app.router.routes.extend(router.routes)
    app.openapi = lambda: contract_of(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _database_for_life(database: Database) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await database.dispose()


@asynccontextmanager
async def _own(lifespan: Lifespan | None, app: FastAPI) -> AsyncIterator[None]:
    if lifespan is None:
        yield
        return
    async with lifespan(app):
        yield


@asynccontextmanager
async def _jobs_for_life(
    tasks: list["asyncio.Task[None]"], working: Sequence[Work], settings: ServiceSettings
) -> AsyncIterator[None]:
    if not working or not settings.run_jobs:
        yield
        return
    stop = asyncio.Event()
    tasks += (workers := [asyncio.create_task(jobs.run(stop)) for jobs in working])
    try:
        yield
    finally:
        stop.set()
        tasks.clear()
        _, unfinished = await asyncio.wait(workers, timeout=settings.drain_seconds)
        for worker in unfinished:
            log.warning("jobs_interrupted")  # their lease runs out, and the next start takes them up again
            worker.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
