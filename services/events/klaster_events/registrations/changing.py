"""Changing an event over HTTP. It stands here, not with events: more seats move the waiting list up."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_events.entities import operations as entities
from klaster_events.events import operations as events
from klaster_events.events.organisers import CheckedUpdate
from klaster_events.events.records import record_of
from klaster_events.events.schemas import EventRead
from klaster_events.registrations.operations import move_up
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
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
    event = await events.change_event(session, event=event, given=change.given, organiser=change.organiser, now=now)
    await session.flush()
    await move_up(session, event=event, now=now)
    named = await entities.names(session, ids=[event.organiser_id])
    return record_answer(request, record_of(event, language, named[event.organiser_id]))
