"""Is the process alive, may it be given work, what is the matter: for runners, balancers and operators."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text

from klaster_shared.dates import utc_now
from klaster_shared.revisions import is_current
from klaster_shared.settings import PACKAGE_VERSION
from klaster_shared.telemetry import metrics_response

Check = Callable[[], Awaitable[None]]
# Less than whoever asks us waits: a neighbour whose name takes seconds not to be found would make us look dead.
NEIGHBOUR_SECONDS = 0.5


class Health:
    """What a service says of itself. Only its own database decides whether it is ready."""

    def __init__(self, *, service: str, package: str, neighbours: Mapping[str, Check] | None = None) -> None:
        self.service = service
        self.package = package
        self.neighbours = dict(neighbours or {})
        self.started_at: datetime = utc_now()
        self.draining = False
        self._migrated = False

    async def why_not_ready(self, app: FastAPI) -> str | None:
        """The reason why no work should be given to it now; None where it is ready."""
        if self.draining:
            return "draining"
        if app.state.database.closed is not None:
            return str(app.state.database.closed)
        try:
            async with app.state.database.read() as session:
                await session.execute(text("SELECT 1"))
                if not self._migrated:
                    self._migrated = await is_current(session, self.package)
        except Exception as error:  # whatever it is: not ready
            return f"database: {type(error).__name__}"
        return None if self._migrated else "database: not migrated"

    async def neighbour_states(self) -> dict[str, str]:
        """Each neighbour: `up`, or what is the matter with it."""
        states = await asyncio.gather(*(_state(check) for check in self.neighbours.values()))
        return dict(zip(self.neighbours, states, strict=True))


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
        reason = await health.why_not_ready(request.app)
        body = {"state": "ready"} if reason is None else {"state": "not_ready", "reason": reason}
        return JSONResponse(body, 200 if reason is None else 503, {"Cache-Control": "no-store"})

    @router.get("/health")
    async def detail(request: Request) -> dict[str, Any]:
        health: Health = request.app.state.health
        reason = await health.why_not_ready(request.app)
        neighbours = await health.neighbour_states()
        degraded = reason is not None or any(state != "up" for state in neighbours.values())
        return {
            "service": health.service,
            "version": PACKAGE_VERSION,
            "state": "degraded" if degraded else "up",
            "reason": reason,
            "since": health.started_at,
            "neighbours": neighbours,
        }

    @router.get("/metrics")
    async def metrics() -> Response:
        return metrics_response()

    @router.get("/version")
    async def version(request: Request) -> dict[str, str]:
        return {"service": request.app.state.health.service, "version": PACKAGE_VERSION}

    return router
