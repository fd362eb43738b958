"""Refreshing live figures over HTTP."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_indicators.live import operations
from klaster_indicators.live.schemas import DemonstrationCleared, RefreshRequest
from klaster_indicators.live.worker import REFRESH, request_refresh
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.errors import Invalid, NotFound
from klaster_shared.etags import conditional_json
from klaster_shared.job_table import JobRead, job_read
from klaster_shared.jobs import Jobs
from klaster_shared.routing import api_router

router = api_router("live figures")


@router.post(
    "/v1/indicators/refresh",
    operation_id="refresh_live_figures",
    summary="Pull live figures now",
    status_code=202,
    response_model=JobRead,
    **operation(role="office", scope="indicators:write"),
)
async def refresh_live_figures(
    request: Request, session: WriteSession, today: Today, given: RefreshRequest | None = None
) -> Response:
    """Starts a job, or names the one that is under way; its result says what became of each source."""
    as_of = given.as_of if given else None
    if as_of is not None and as_of > today:
        raise Invalid.field("/as_of", "future", "Nothing has been counted yet on a day that has not come")
    jobs: Jobs = request.app.state.jobs
    job = await request_refresh(jobs, session, as_of=as_of)
    headers = {"Location": f"/v1/indicators/refresh/{job}"}
    return conditional_json(request, job_read(await jobs.find(session, job)), public=False, headers=headers, status=202)


@router.get(
    "/v1/indicators/refresh/{job:uuid}",
    operation_id="get_refresh",
    summary="How far a refresh is",
    response_model=JobRead,
    **operation(role="office", scope="indicators:write", problems=(404,)),
)
async def get_refresh(request: Request, session: ReadSession, job: UUID) -> Response:
    """Its state; once it has ended, how many observations are new or restated, and what each source said."""
    jobs: Jobs = request.app.state.jobs
    row = await jobs.find(session, job)
    if row is None or row.kind != REFRESH:
        raise NotFound(f"There is no refresh {job}")
    return conditional_json(request, job_read(row), public=False)


@router.post(
    "/v1/indicators/demonstration/clear",
    operation_id="clear_demonstration",
    summary="Withdraw what rests on demonstration rows, then count anew",
    status_code=202,
    response_model=DemonstrationCleared,
    **operation(role="admin", scope="indicators:write"),
)
async def clear_demonstration(request: Request, session: WriteSession, now: Now) -> Response:
    """To be called when the demonstration rows are gone: the observations stay readable, as superseded."""
    withdrawn = await operations.clear_demonstration(session, now=now)
    job = await request_refresh(request.app.state.jobs, session)
    body = DemonstrationCleared(withdrawn=withdrawn, job=job)
    headers = {"Location": f"/v1/indicators/refresh/{job}"}
    return conditional_json(request, body, public=False, headers=headers, status=202)
