"""Changing an event, and its sessions, over HTTP. It stands here, not with them: more seats go to those who wait."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_events.agenda import operations as agenda
from klaster_events.agenda.operations import follow_event
from klaster_events.agenda.schemas import SessionRead
from klaster_events.agenda.speakers import CheckedSessionUpdate
from klaster_events.events import operations as events
from klaster_events.events import steps
from klaster_events.events.models import Event
from klaster_events.events.organisers import CheckedUpdate
from klaster_events.events.schemas import EventRead, Reschedule
from klaster_events.events.viewers import OFFICE
from klaster_events.registrations.operations import move_up
from klaster_events.registrations.session_seats.operations import hand_out
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.routing import api_router

router = api_router("events")


@router.patch(
    "/v1/events/{event_id:uuid}",
    summary="Change an event",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409, 412, 428, 503)),
)
async def update_event(
    request: Request,
    change: CheckedUpdate,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
) -> Response:
    """Merge the change into the record (JSON Merge Patch). More seats go to those who wait, in their order."""
    event = await events.hold_event(session, event_id=event_id)
    require_match(request, event.version)
    began_at, lasted = event.starts_at, event.ends_at - event.starts_at
    event = await events.change_event(session, event=event, given=change.given, organiser=change.organiser, now=now)
    await follow_event(session, event=event, began_at=began_at, lasted=lasted, now=now)
    return await _moved_up(request, session, now, language, event)


@router.post(
    "/v1/events/{event_id:uuid}/reschedule",
    summary="Give a postponed event its new times",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def reschedule_event(
    request: Request, given: Reschedule, session: WriteSession, now: Now, language: ChosenLanguage, event_id: UUID
) -> Response:
    """It is published again, with the registrations that it had; who registered is told when and where."""
    event = await events.hold_event(session, event_id=event_id)
    began_at, lasted = event.starts_at, event.ends_at - event.starts_at
    event = await steps.reschedule_event(session, event=event, given=given, now=now)
    await follow_event(session, event=event, began_at=began_at, lasted=lasted, now=now)
    return await _moved_up(request, session, now, language, event)


@router.patch(
    "/v1/events/{event_id:uuid}/sessions/{session_id:uuid}",
    operation_id="update_event_session",
    summary="Change a session of an event's agenda",
    response_model=SessionRead,
    **operation(role="office", scope="events:write", problems=(404, 409, 412, 428, 503)),
)
async def update_session(
    request: Request,
    change: CheckedSessionUpdate,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    session_id: UUID,
) -> Response:
    """Merge the change into the record (JSON Merge Patch). A new time or room is told to who registered.

    More seats go to those who want one, in the order in which they came.
    """
    event = await events.hold_event(session, event_id=event_id)
    found = await agenda.get_session(session, event_id=event_id, session_id=session_id, held=True)
    require_match(request, found.version)
    changed = await agenda.change_session(
        session, event=event, found=found, given=change.given, entity=change.entity, now=now
    )
    await session.flush()
    await hand_out(session, found=changed, now=now)
    [record] = await agenda.records_of(session, sessions=[changed], language=language)
    return record_answer(request, record, public=False)


async def _moved_up(request: Request, session: WriteSession, now: Now, language: Language, event: Event) -> Response:
    """The event after its change; seats that are free by now go to those who wait."""
    await session.flush()
    await move_up(session, event=event, now=now)
    [record] = await events.records_of(session, events=[event], language=language, viewer=OFFICE)
    return record_answer(request, record, public=False)
