"""The status page."""

from fastapi import Request
from fastapi.responses import Response

from klaster_gateway.clients.neighbours import neighbours_of
from klaster_gateway.status.checks import StatusBoard
from klaster_gateway.status.schemas import ServiceStatus, Status
from klaster_shared.access import operation
from klaster_shared.dependencies import Now
from klaster_shared.health import Health
from klaster_shared.routing import api_router
from klaster_shared.settings import PACKAGE_VERSION

router = api_router("status")


def _board(request: Request) -> StatusBoard:
    state = request.app.state
    if not hasattr(state, "status_board"):
        state.status_board = StatusBoard(neighbours_of(request.app))
    board: StatusBoard = state.status_board
    return board


@router.get(
    "/status",
    summary="What is up, since when, in which version",
    response_model=Status,
    **operation(role="anonymous", scope="status:read"),
)
async def get_status(request: Request, now: Now) -> Response:
    """Always 200 while the gateway itself answers; a service that is down takes only its own paths with it."""
    health: Health = request.app.state.health
    reason = await health.why_not_ready(request.app)
    own = ServiceStatus(
        service=health.service,
        state="up" if reason is None else "degraded",
        since=health.started_at,
        version=PACKAGE_VERSION,
    )
    status = await _board(request).status(own=own, now=now)
    return Response(status.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
