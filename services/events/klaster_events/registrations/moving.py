"""Moving registrations over HTTP: cancelled, approved, declined, other sessions chosen."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_events.events import operations as events
from klaster_events.registrations import lists, operations
from klaster_events.registrations.asking import Asking, WhoAsks
from klaster_events.registrations.errors import NotYourEvent
from klaster_events.registrations.models import Registration
from klaster_events.registrations.operations import Own
from klaster_events.registrations.schemas import Decline, RegistrationPlaced, SessionsChosen
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router

router = api_router("registrations")


@router.post(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}/cancel",
    summary="Cancel a registration",
    response_model=RegistrationPlaced,
    **operation(role="partner", scope="registrations:write", problems=(404, 409)),
)
async def cancel_registration(
    request: Request, session: WriteSession, who: WhoAsks, now: Now, event_id: UUID, registration_id: UUID
) -> Response:
    """Give the seat back; whoever waits longest takes it at once, or is offered it.

    A partner cancels for the people whom it registered itself.
    """
    found = await operations.cancel_registration(
        session,
        registration_id=registration_id,
        event_id=event_id,
        by="office" if who.viewer.office else "partner",
        own=None if who.viewer.office else Own(who.viewer.own),
        now=now,
    )
    return _moved(request, found)


@router.post(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}/approve",
    summary="Approve a registration",
    response_model=RegistrationPlaced,
    **operation(role="partner", scope="registrations:write", problems=(404, 409)),
)
async def approve_registration(
    request: Request, session: WriteSession, who: WhoAsks, now: Now, event_id: UUID, registration_id: UUID
) -> Response:
    """Let a person in who asked: a seat, or a place in the queue. For the office and whoever organises the event."""
    await _require_organiser(session, who, event_id)
    found = await operations.approve(session, registration_id=registration_id, event_id=event_id, now=now)
    return _moved(request, found)


@router.post(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}/decline",
    summary="Decline a registration",
    response_model=RegistrationPlaced,
    **operation(role="partner", scope="registrations:write", problems=(404, 409)),
)
async def decline_registration(
    request: Request,
    given: Decline,
    session: WriteSession,
    who: WhoAsks,
    now: Now,
    event_id: UUID,
    registration_id: UUID,
) -> Response:
    """Refuse a person who asked; they are told the reason. For the office and whoever organises the event."""
    await _require_organiser(session, who, event_id)
    found = await operations.decline(
        session, registration_id=registration_id, event_id=event_id, reason=given.reason, now=now
    )
    return _moved(request, found)


@router.put(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}/sessions",
    summary="Choose the sessions of a registration",
    response_model=RegistrationPlaced,
    **operation(role="office", scope="registrations:write", problems=(404, 409)),
)
async def choose_sessions(
    request: Request, given: SessionsChosen, session: WriteSession, now: Now, event_id: UUID, registration_id: UUID
) -> Response:
    """These sessions and no others: seats where the person has one at the event, wishes until then."""
    found = await operations.choose_sessions(
        session, registration_id=registration_id, event_id=event_id, sessions=given.sessions, now=now
    )
    return _moved(request, found)


async def _require_organiser(session: WriteSession, who: Asking, event_id: UUID) -> None:
    event = await events.get_event(session, event_id=event_id, viewer=who.viewer)
    if await lists.reach_of(session, event=event, viewer=who.viewer) is not None:
        raise NotYourEvent("Your entity does not organise this event")


def _moved(request: Request, found: Registration) -> Response:
    said = {"event_id": found.event_id, "state": found.state, "expires_at": found.expires_at, "id": found.id}
    return conditional_json(request, said, public=False)
