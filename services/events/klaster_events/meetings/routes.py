"""Meetings over HTTP, for the office and for partners, who act for their entity's people."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.editions.operations import get_edition
from klaster_events.meetings import operations
from klaster_events.meetings.outcomes import note_outcome, propose_project, side_of
from klaster_events.meetings.parties import Met
from klaster_events.meetings.placing import free_slots, hold_for_placing, schedule
from klaster_events.meetings.repository import ORDER
from klaster_events.meetings.schemas import (
    Acceptance,
    FreeSlots,
    MeetingCreate,
    MeetingInFull,
    MeetingListParameters,
    MeetingRead,
    OfficeOutcome,
    OfficeProject,
    Place,
)
from klaster_events.meetings.showing import record_in_full, records_of, with_parties
from klaster_events.meetings.speaking import Speaking
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("meetings")
_OF_EDITION = "/v1/lsos/editions/{edition_id:uuid}/meetings"
_ONE = "/v1/lsos/meetings/{meeting_id:uuid}"
_STEP = operation(role="partner", scope="meetings:write", problems=(404, 409, 412, 428))


async def _answer(
    request: Request, session: ReadSession, met: Met, *, status: int = 200, location: str | None = None
) -> Response:
    [record] = await records_of(session, mets=[met])
    return record_answer(request, record, status=status, location=location, public=False)


@router.get(
    _OF_EDITION,
    summary="List the meetings of an edition",
    response_model=Page[MeetingRead],
    **operation(role="partner", scope="meetings:read", problems=(404,)),
)
async def list_meetings(
    request: Request,
    session: ReadSession,
    who: Speaking,
    edition_id: UUID,
    parameters: Annotated[MeetingListParameters, Query()],
) -> Response:
    """The last first: those of one's own entity's people; all of them for the office. Nobody is named."""
    await get_edition(session, edition_id=edition_id)
    rows = await operations.list_meetings(session, edition_id=edition_id, parameters=parameters, who=who)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.created_at, row.id))
    total = None
    if parameters.count:
        total = await operations.count_meetings(session, edition_id=edition_id, parameters=parameters, who=who)
    mets = await with_parties(session, meetings=rows[: parameters.limit])
    return page_answer(request, await records_of(session, mets=mets), cursor=cursor, total=total, public=False)


@router.post(
    _OF_EDITION,
    summary="Ask for a meeting",
    status_code=201,
    response_model=MeetingRead,
    **operation(role="partner", scope="meetings:write", problems=(404, 409)),
)
async def request_meeting(
    request: Request, session: WriteSession, who: Speaking, now: Now, edition_id: UUID, given: MeetingCreate
) -> Response:
    """In the name of a participant. Accepted at once where the edition says so, or where the other asked the same."""
    met = await operations.request_meeting(session, edition_id=edition_id, given=given, who=who, now=now)
    return await _answer(request, session, met, status=201, location=f"/v1/lsos/meetings/{met.meeting.id}")


@router.get(
    _ONE,
    summary="Read a meeting with its message, names and outcomes",
    response_model=MeetingInFull,
    **operation(role="partner", scope="meetings:read", problems=(404,)),
)
async def get_meeting(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    who: Speaking,
    now: Now,
    meeting_id: UUID,
) -> Response:
    """For either side and the office: each side reads its own outcome, and the other's name where it is listed."""
    met = await operations.get_meeting(session, meeting_id=meeting_id, who=who)
    return record_answer(request, await record_in_full(session, met=met, who=who, now=now), public=False)


async def _held(request: Request, session: WriteSession, who: Speaking, meeting_id: UUID) -> Met:
    met = await operations.get_meeting(session, meeting_id=meeting_id, who=who, held=True)
    require_match(request, met.meeting.version)
    return met


@router.post(f"{_ONE}/accept", summary="Accept a request for a meeting", response_model=MeetingRead, **_STEP)
async def accept_meeting(
    request: Request,
    session: WriteSession,
    who: Speaking,
    now: Now,
    meeting_id: UUID,
    given: Acceptance | None = None,
) -> Response:
    """Whoever was asked says yes, and how much they want it. Slot and table follow."""
    met = await _held(request, session, who, meeting_id)
    priority = (given or Acceptance()).priority
    met = await operations.accept(session, met=met, who=who, priority=priority, now=now)
    return await _answer(request, session, met)


@router.post(f"{_ONE}/decline", summary="Decline a request for a meeting", response_model=MeetingRead, **_STEP)
async def decline_meeting(
    request: Request, session: WriteSession, who: Speaking, now: Now, meeting_id: UUID
) -> Response:
    """Whoever was asked says no; they may still ask themselves."""
    met = await _held(request, session, who, meeting_id)
    return await _answer(request, session, await operations.decline(session, met=met, who=who, now=now))


@router.post(f"{_ONE}/cancel", summary="Call a meeting off", response_model=MeetingRead, **_STEP)
async def cancel_meeting(
    request: Request, session: WriteSession, who: Speaking, now: Now, meeting_id: UUID
) -> Response:
    """A request by who asked, a meeting by either side: slot and table are free again, and the other is told."""
    met = await _held(request, session, who, meeting_id)
    return await _answer(request, session, await operations.cancel(session, met=met, who=who, now=now))


@router.get(
    f"{_ONE}/slots",
    summary="List the slots that are free for both",
    response_model=FreeSlots,
    **operation(role="partner", scope="meetings:read", problems=(404,)),
)
async def list_free_slots(
    request: Request, session: ReadSession, who: Speaking, now: Now, meeting_id: UUID
) -> Response:
    """When both are there, in no session and at no other meeting, with the tables that are free then."""
    met = await operations.get_meeting(session, meeting_id=meeting_id, who=who)
    return conditional_json(request, {"items": await free_slots(session, met=met, now=now)}, public=False)


@router.post(f"{_ONE}/schedule", summary="Give a meeting a slot and a table", response_model=MeetingRead, **_STEP)
async def schedule_meeting(
    request: Request, session: WriteSession, who: Speaking, now: Now, meeting_id: UUID, given: Place
) -> Response:
    """By hand, an accepted one, or another place for a scheduled one; plans leave it there.

    409 `slot_not_free` names in `errors` everything that stands in the way.
    """
    met = await hold_for_placing(session, meeting_id=meeting_id, who=who)
    require_match(request, met.meeting.version)
    return await _answer(request, session, await schedule(session, met=met, given=given, now=now))


@router.post(f"{_ONE}/outcome", summary="Say how a meeting went", response_model=MeetingRead, **_STEP)
async def note_meeting_outcome(
    request: Request, session: WriteSession, who: Speaking, now: Now, meeting_id: UUID, given: OfficeOutcome
) -> Response:
    """One side's word, which can be said anew; it took place where either says so."""
    met = await _held(request, session, who, meeting_id)
    side = side_of(met, who, given.side)
    return await _answer(request, session, await note_outcome(session, met=met, side=side, given=given, now=now))


@router.post(
    f"{_ONE}/project", summary="Propose the project that a meeting became", response_model=MeetingRead, **_STEP
)
async def propose_meeting_project(
    request: Request, session: WriteSession, who: Speaking, now: Now, meeting_id: UUID, given: OfficeProject
) -> Response:
    """Sent to the registry when it answers, once; its office decides, and then figures count it."""
    met = await _held(request, session, who, meeting_id)
    side = side_of(met, who, given.side)
    return await _answer(request, session, await propose_project(session, met=met, side=side, given=given, now=now))
