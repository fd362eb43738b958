"""The agenda over HTTP. Its answers name speakers, and so are kept by no cache."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.agenda import operations
from klaster_events.agenda.repository import ORDER
from klaster_events.agenda.schemas import SessionPlaced, SessionRead
from klaster_events.agenda.speakers import CheckedSessionCreate
from klaster_events.events import operations as events
from klaster_events.events.looking import Looking
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("events")


@router.get(
    "/v1/events/{event_id:uuid}/sessions",
    operation_id="list_event_sessions",
    summary="List the sessions of an event's agenda",
    response_model=Page[SessionRead],
    **operation(role="anonymous", scope="events:read", problems=(404,)),
)
async def list_sessions(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    language: ChosenLanguage,
    event_id: UUID,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """In the order of the day, to whoever may see the event."""
    await events.get_event(session, event_id=event_id, viewer=viewer)
    rows = await operations.list_sessions(session, event_id=event_id, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.starts_at, row.id))
    total = await operations.count_sessions(session, event_id=event_id) if parameters.count else None
    items = await operations.records_of(session, sessions=rows[: parameters.limit], language=language)
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    "/v1/events/{event_id:uuid}/sessions",
    operation_id="create_event_session",
    summary="Add a session to an event's agenda",
    status_code=201,
    response_model=SessionPlaced,
    **operation(role="office", scope="events:write", problems=(404, 409, 503)),
)
async def create_session(
    request: Request,
    new: CheckedSessionCreate,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
) -> Response:
    """Within the times of the event, and alone in its room. The answer leaves the speakers out: it is kept."""
    event = await events.hold_event(session, event_id=event_id)
    created = await operations.create_session(session, event=event, given=new.given, entity=new.entity, now=now)
    record = operations.placed_record(created, language)
    location = f"/v1/events/{event_id}/sessions/{created.id}"
    return record_answer(request, record, status=201, location=location, public=False)


@router.get(
    "/v1/events/{event_id:uuid}/sessions/{session_id:uuid}",
    operation_id="get_event_session",
    summary="Read a session of an event's agenda",
    response_model=SessionRead,
    **operation(role="anonymous", scope="events:read", problems=(404,)),
)
async def get_session(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    language: ChosenLanguage,
    event_id: UUID,
    session_id: UUID,
) -> Response:
    """One session with its speakers."""
    await events.get_event(session, event_id=event_id, viewer=viewer)
    found = await operations.get_session(session, event_id=event_id, session_id=session_id)
    [record] = await operations.records_of(session, sessions=[found], language=language)
    return record_answer(request, record, public=False)


@router.delete(
    "/v1/events/{event_id:uuid}/sessions/{session_id:uuid}",
    operation_id="delete_event_session",
    summary="Remove a session from an event's agenda",
    status_code=204,
    **operation(role="office", scope="events:write", problems=(404, 412, 428)),
)
async def delete_session(
    request: Request, session: WriteSession, now: Now, event_id: UUID, session_id: UUID
) -> Response:
    """Seats in it are given up; where somebody had one, everybody who registered for the event is told."""
    event = await events.hold_event(session, event_id=event_id)
    found = await operations.get_session(session, event_id=event_id, session_id=session_id, held=True)
    require_match(request, found.version)
    await operations.delete_session(session, event=event, found=found, now=now)
    return Response(status_code=204)
