"""Is the process alive, may it be given work, what is the matter: for runners, balancers and operators."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from klaster_shared.dates import utc_now
from klaster_shared.errors import NotFound
from klaster_shared.job_table import TABLE as JOBS
from klaster_shared.revisions import is_current
from klaster_shared.settings import PACKAGE_VERSION
from klaster_shared.watching import checks
from klaster_shared.watching.measures import Gauge, Sample

Check = Callable[[], Awaitable[None]]
# Less than whoever asks us waits: a neighbour whose name takes seconds not to be found would make us look dead.
NEIGHBOUR_SECONDS = 0.5
# In the scope of a request: it came to the port that only whoever runs the service reaches, or from a stranger.
PRIVATE, STRANGER = "klaster.private", "klaster.stranger"
CHECKS = ("service", "database", "migrations", "public_keys", "private_key", "disk", "workers", "jobs")
# What makes work impossible. With any other trouble there is something that still can be done, and reading is most.
DECISIVE = ("service", "database", "migrations", "public_keys")
CHECK = Gauge("klaster_check", "What a service finds when it looks at itself: 1 where all is well, else 0", ("check",))
CONNECTIONS = Gauge("klaster_database_connections", "Connections to the database that are in use", ("pool",))
MOST_CONNECTIONS = Gauge("klaster_database_connections_most", "Connections that there may be", ("pool",))


class Health:
    """What a service says of itself. Its neighbours never decide whether it is ready."""

    def __init__(self, *, service: str, package: str, neighbours: Mapping[str, Check] | None = None) -> None:
        self.service = service
        self.package = package
        self.neighbours = dict(neighbours or {})
        self.started_at: datetime = utc_now()
        self.draining = False
        self._migrated = False

    async def why_not_ready(self, app: FastAPI) -> str | None:
        """The reason why no work should be given to it now; None where it is ready."""
        return reason_of(await self.troubles(app))

    async def troubles(self, app: FastAPI) -> dict[str, str]:
        """What is the matter, by what it is the matter with; empty where all is well."""
        state = app.state
        closed = "draining" if self.draining else state.database.closed
        if closed is not None:
            return {"service": str(closed)}
        found = {
            **await self._of_database(app),
            "public_keys": checks.public_keys(state.settings.jwks_file),
            "private_key": checks.private_key(state.settings.private_key_file),
            "disk": checks.disk(state.database),
            "workers": checks.workers(state.working, state.worker_tasks),
        }
        return {name: found[name] or "" for name in CHECKS if found.get(name)}

    async def _of_database(self, app: FastAPI) -> dict[str, str | None]:
        database = app.state.database
        try:
            async with database.read() as session:
                await session.execute(text("SELECT 1"))
                if not self._migrated:
                    self._migrated = await is_current(session, self.package)
            if not self._migrated:
                return {"migrations": "database: not migrated"}
            table, kinds = app.state.metadata.tables.get(JOBS), checks.kinds_of(app.state.working)
            return {"jobs": await checks.jobs(database, table, kinds)}
        except Exception as error:  # whatever it is: not ready
            return {"database": f"database: {type(error).__name__}"}

    async def neighbour_states(self) -> dict[str, str]:
        """Each neighbour: `up`, or what is the matter with it."""
        states = await asyncio.gather(*(_state(check) for check in self.neighbours.values()))
        return dict(zip(self.neighbours, states, strict=True))

    async def samples(self, app: FastAPI) -> list[Sample]:
        """What the process knows of itself, as numbers."""
        troubles = await self.troubles(app)
        found = [Sample(CHECK, float(name not in troubles), (name,)) for name in CHECKS]
        for name, used, most in app.state.database.connections():
            found += [Sample(CONNECTIONS, used, (name,)), Sample(MOST_CONNECTIONS, most, (name,))]
        own: Callable[[], Iterable[Sample]] | None = getattr(app.state, "own_samples", None)
        return [*found, *(own() if own is not None else ())]


def reason_of(troubles: Mapping[str, str]) -> str | None:
    """Why no work should be given to a service with these troubles; None where it should."""
    return next((troubles[name] for name in DECISIVE if name in troubles), None)


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(NEIGHBOUR_SECONDS):
            await check()
    except TimeoutError:
        return f"degraded: no answer in {NEIGHBOUR_SECONDS:g} s"
    except Exception as error:  # a neighbour in trouble is news, not a failure of ours
        return f"degraded: {error}"
    return "up"


@cache
def health_router() -> APIRouter:
    """The private endpoints: not in the contract, not forwarded by the gateway. The same for every app."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"state": "live"}

    @router.get("/health/ready")
    async def ready(request: Request) -> JSONResponse:
        health: Health = request.app.state.health
        troubles = await health.troubles(request.app)
        reason = reason_of(troubles)
        body: dict[str, Any] = {"state": "ready"} if reason is None else {"state": "not_ready", "reason": reason}
        if not request.scope.get(STRANGER):
            body["troubles"] = troubles
        return JSONResponse(body, 200 if reason is None else 503, {"Cache-Control": "no-store"})

    @router.get("/health")
    async def detail(request: Request) -> dict[str, Any]:
        health: Health = request.app.state.health
        troubles = await health.troubles(request.app)
        neighbours = await health.neighbour_states()
        degraded = troubles or any(state != "up" for state in neighbours.values())
        return {
            "service": health.service,
            "version": PACKAGE_VERSION,
            "state": "degraded" if degraded else "up",
            "reason": reason_of(troubles),
            "troubles": troubles,
            "since": health.started_at,
            "neighbours": neighbours,
        }

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        """On a port of its own where there is one, and then on no other."""
        state = request.app.state
        if state.settings.metrics_port and not request.scope.get(PRIVATE):
            raise NotFound
        told = await state.measures.exposition(await state.health.samples(request.app))
        return Response(told, media_type=CONTENT_TYPE_LATEST)

    @router.get("/version")
    async def version(request: Request) -> dict[str, str]:
        return {"service": request.app.state.health.service, "version": PACKAGE_VERSION}

    return router
