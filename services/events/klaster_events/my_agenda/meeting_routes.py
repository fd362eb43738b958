"""One's own meetings over HTTP: JSON for programs, and what the page of the agenda sends."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from klaster_events.meetings import operations
from klaster_events.meetings.outcomes import note_outcome, propose_project
from klaster_events.meetings.parties import MeetingSide, Met, Who
from klaster_events.meetings.placing import free_slots, hold_for_placing, schedule
from klaster_events.meetings.schemas import (
    Acceptance,
    FreeSlots,
    MeetingCreate,
    MeetingListParameters,
    OutcomeGiven,
    OwnMeetingCreate,
    OwnMeetingRead,
    Place,
    ProjectGiven,
)
from klaster_events.meetings.showing import own_records, with_parties
from klaster_events.meetings.speaking import Registered
from klaster_events.my_agenda.declaring import act
from klaster_events.my_agenda.forms import OutcomeForm, WishForm
from klaster_events.own.browsers import body_of, sent_by_form
from klaster_events.own.routes import own_router
from klaster_events.pages.framing import PRIVATE, spoken
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor, next_link

router = own_router()
_ALL = "/v1/registration-links/{token}/meetings"
_ONE = _ALL + "/{meeting_id:uuid}"
_READ = operation(role="anonymous", scope="own:read", problems=(404,))
# What it answers is personal: no first answer is kept for whoever repeats a key.
_STEP = operation(role="anonymous", scope="own:write", problems=(404, 409), secret=True)


def _private(request: Request, body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return conditional_json(request, body, public=False, status=status, headers={**PRIVATE, **(headers or {})})


async def _answer(
    request: Request, session: ReadSession, met: Met, registration: UUID, now: datetime, *, status: int = 200
) -> Response:
    if sent_by_form(request):
        path = f"/v1/registration-links/{request.path_params['token']}/agenda?lang={spoken(request)}#mine"
        return RedirectResponse(path, 303, PRIVATE)
    [record] = await own_records(session, mets=[met], registration_id=registration, now=now)
    return _private(request, record, status=status)


async def _place(request: Request) -> Place:
    return await body_of(request, Place)


async def _wish(request: Request) -> OwnMeetingCreate:
    if sent_by_form(request):
        return (await body_of(request, WishForm)).wish()
    return await body_of(request, OwnMeetingCreate)


async def _outcome(request: Request) -> OutcomeGiven:
    if sent_by_form(request):
        return (await body_of(request, OutcomeForm)).outcome()
    return await body_of(request, OutcomeGiven)


@router.get(_ALL, summary="List one's own meetings", response_model=Page[OwnMeetingRead], **_READ)
async def list_own_meetings(
    request: Request,
    session: ReadSession,
    registration: Registered,
    now: Now,
    parameters: Annotated[MeetingListParameters, Query()],
) -> Response:
    """Those that one asked for or was asked for, the last first, each with what can be done with it now."""
    party, who = await operations.own_party(session, registration_id=registration), Who(registration=registration)
    asked: dict[str, Any] = {"edition_id": party.participant.edition_id, "parameters": parameters, "who": who}
    rows = await operations.list_meetings(session, **asked)
    cursor = next_cursor(rows, limit=parameters.limit, order=operations.ORDER, key=lambda row: (row.created_at, row.id))
    mets = await with_parties(session, meetings=rows[: parameters.limit])
    items = await own_records(session, mets=mets, registration_id=registration, now=now)
    page: dict[str, Any] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_meetings(session, **asked)
    return _private(request, page, headers=next_link(request, cursor))


@router.post(
    _ALL,
    summary="Ask somebody for a meeting",
    status_code=201,
    response_model=OwnMeetingRead,
    **act(OwnMeetingCreate),
)
async def request_own_meeting(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    _language: ChosenLanguage,
    given: Annotated[OwnMeetingCreate, Depends(_wish)],
) -> Response:
    """They are told, and answer in time or not at all. Asking who asked already is saying yes."""
    party, who = await operations.own_party(session, registration_id=registration), Who(registration=registration)
    full = MeetingCreate(asked_by=party.participant.id, **given.model_dump())
    edition_id = party.participant.edition_id
    met = await operations.request_meeting(session, edition_id=edition_id, given=full, who=who, now=now)
    return await _answer(request, session, met, registration, now, status=201)


async def _held(session: WriteSession, registration: UUID, meeting_id: UUID) -> tuple[Met, Who, MeetingSide]:
    who = Who(registration=registration)
    met = await operations.get_meeting(session, meeting_id=meeting_id, who=who, held=True)
    return met, who, who.sides_of(met)[0]


@router.post(f"{_ONE}/accept", summary="Accept a request for a meeting", response_model=OwnMeetingRead, **act())
async def accept_own_meeting(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    _language: ChosenLanguage,
    meeting_id: UUID,
    given: Acceptance | None = None,
) -> Response:
    """Whoever was asked says yes, and how much they want it."""
    met, who, _side = await _held(session, registration, meeting_id)
    met = await operations.accept(session, met=met, who=who, priority=(given or Acceptance()).priority, now=now)
    return await _answer(request, session, met, registration, now)


@router.post(f"{_ONE}/decline", summary="Decline a request for a meeting", response_model=OwnMeetingRead, **act())
async def decline_own_meeting(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    _language: ChosenLanguage,
    meeting_id: UUID,
) -> Response:
    """Whoever was asked says no."""
    met, who, _side = await _held(session, registration, meeting_id)
    met = await operations.decline(session, met=met, who=who, now=now)
    return await _answer(request, session, met, registration, now)


@router.post(f"{_ONE}/cancel", summary="Call one's own meeting off", response_model=OwnMeetingRead, **act())
async def cancel_own_meeting(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    _language: ChosenLanguage,
    meeting_id: UUID,
) -> Response:
    """Slot and table are free again, and the other is told."""
    met, who, _side = await _held(session, registration, meeting_id)
    met = await operations.cancel(session, met=met, who=who, now=now)
    return await _answer(request, session, met, registration, now)


@router.get(f"{_ONE}/slots", summary="List the slots that are free for both", response_model=FreeSlots, **_READ)
async def list_own_free_slots(
    request: Request, session: ReadSession, registration: Registered, now: Now, meeting_id: UUID
) -> Response:
    """When both are there, in no session and at no other meeting, with the tables that are free then."""
    met = await operations.get_meeting(session, meeting_id=meeting_id, who=Who(registration=registration))
    return _private(request, {"items": await free_slots(session, met=met, now=now)})


@router.post(
    f"{_ONE}/schedule", summary="Give a meeting a slot and a table", response_model=OwnMeetingRead, **act(Place)
)
async def schedule_own_meeting(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    _language: ChosenLanguage,
    meeting_id: UUID,
    given: Annotated[Place, Depends(_place)],
) -> Response:
    """An accepted one, or another place for a scheduled one: the other is told."""
    met = await hold_for_placing(session, meeting_id=meeting_id, who=Who(registration=registration))
    met = await schedule(session, met=met, given=given, now=now)
    return await _answer(request, session, met, registration, now)


@router.post(
    f"{_ONE}/outcome", summary="Say how one's meeting went", response_model=OwnMeetingRead, **act(OutcomeGiven)
)
async def note_own_outcome(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    _language: ChosenLanguage,
    meeting_id: UUID,
    given: Annotated[OutcomeGiven, Depends(_outcome)],
) -> Response:
    """For oneself and the office; it can be said anew."""
    met, _who, side = await _held(session, registration, meeting_id)
    met = await note_outcome(session, met=met, side=side, given=given, now=now)
    return await _answer(request, session, met, registration, now)


@router.post(
    f"{_ONE}/project", summary="Propose the project that one's meeting became", response_model=OwnMeetingRead, **_STEP
)
async def propose_own_project(
    request: Request, session: WriteSession, registration: Registered, now: Now, meeting_id: UUID, given: ProjectGiven
) -> Response:
    """In the name of one's entity; the office of the registry decides."""
    met, _who, side = await _held(session, registration, meeting_id)
    met = await propose_project(session, met=met, side=side, given=given, now=now)
    return await _answer(request, session, met, registration, now)
