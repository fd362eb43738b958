"""Plans of meetings over HTTP, for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.plans import operations
from klaster_events.plans.models import PlanRun
from klaster_events.plans.repository import ORDER
from klaster_events.plans.schemas import MeetingPlanCreate, MeetingPlanRead, PlanListParameters
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.jobs import Jobs
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("meetings")
_OF_EDITION = "/v1/lsos/editions/{edition_id:uuid}/plans"
_ONE = "/v1/lsos/plans/{plan_id:uuid}"


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


async def _answer(
    request: Request, session: ReadSession, plan: PlanRun, *, status: int = 200, location: str | None = None
) -> Response:
    record = operations.record_of(plan, await _jobs(request).find(session, plan.job_id))
    return record_answer(request, record, status=status, location=location, public=False)


@router.get(
    _OF_EDITION,
    summary="List the plans of an edition's meetings",
    response_model=Page[MeetingPlanRead],
    **operation(role="office", scope="meetings:read", problems=(404,)),
)
async def list_meeting_plans(
    request: Request, session: ReadSession, edition_id: UUID, parameters: Annotated[PlanListParameters, Query()]
) -> Response:
    """The last first: those that the office asked for, and those that healed what had changed."""
    rows = await operations.list_plans(session, edition_id=edition_id, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.created_at, row.id))
    total = None
    if parameters.count:
        total = await operations.count_plans(session, edition_id=edition_id, parameters=parameters)
    jobs = _jobs(request)
    items = [operations.record_of(row, await jobs.find(session, row.job_id)) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    _OF_EDITION,
    summary="Plan all meetings of an edition",
    status_code=202,
    response_model=MeetingPlanRead,
    **operation(role="office", scope="meetings:write", problems=(404, 409)),
)
async def plan_meetings(
    request: Request, session: WriteSession, now: Now, edition_id: UUID, given: MeetingPlanCreate | None = None
) -> Response:
    """Starts a job, or names the one that is under way. As many accepted meetings as can be get slot and table.

    Those that both asked for and that are wanted most come first, nobody is left with none for others' sake, and what
    people know already moves only where it has to; what was scheduled by hand stays. What finds no slot says why in
    `hindrance`. Applied all at once, and made anew where something changed meanwhile.
    """
    plan = await operations.ask_for_plan(
        session, jobs=_jobs(request), edition_id=edition_id, given=given or MeetingPlanCreate(), now=now
    )
    return await _answer(request, session, plan, status=202, location=f"/v1/lsos/plans/{plan.id}")


@router.get(
    _ONE,
    summary="How far a plan of meetings is, and how good",
    response_model=MeetingPlanRead,
    **operation(role="office", scope="meetings:read", problems=(404,)),
)
async def get_meeting_plan(request: Request, session: ReadSession, plan_id: UUID) -> Response:
    """`gap` says how far from the best possible it can be at most; `unplaced` how many found no slot, and why."""
    return await _answer(request, session, await operations.get_plan(session, plan_id=plan_id))


@router.post(
    f"{_ONE}/cancel",
    summary="Cancel a plan of meetings",
    response_model=MeetingPlanRead,
    **operation(role="office", scope="meetings:write", problems=(404, 409)),
)
async def cancel_meeting_plan(request: Request, session: WriteSession, plan_id: UUID) -> Response:
    """Stops within a second; nothing of it is applied."""
    plan = await operations.cancel_plan(session, jobs=_jobs(request), plan_id=plan_id)
    return await _answer(request, session, plan)
