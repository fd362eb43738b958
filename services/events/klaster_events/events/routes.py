"""Events over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.entities import operations as entities
from klaster_events.events import operations
from klaster_events.events.models import Event
from klaster_events.events.organisers import CheckedCreate
from klaster_events.events.records import record_of
from klaster_events.events.schemas import EventListParameters, EventRead, State
from klaster_events.zones import ClusterZone
from klaster_shared.access import may, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Order, Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("events")
_COLUMNS = {"title": "sort_title"}


@router.get(
    "/v1/events",
    summary="List events",
    response_model=Page[EventRead],
    **operation(role="anonymous", scope="events:read"),
)
async def list_events(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[EventListParameters, Query()],
) -> Response:
    """Events in the order in which they begin; drafts for the office alone."""
    order, drafts = operations.order_of(parameters), may(principal.role, "office")
    rows = await operations.list_events(session, parameters=parameters, order=order, zone=zone, drafts=drafts)
    cursor = next_cursor(rows, limit=parameters.limit, order=order, key=lambda row: _key(row, order))
    total = None
    if parameters.count:
        total, _ = await operations.count_events(session, parameters=parameters, zone=zone, drafts=drafts)
    shown = rows[: parameters.limit]
    named = await entities.names(session, ids={event.organiser_id for event in shown})
    items = [record_of(event, language, named[event.organiser_id]) for event in shown]
    return _private_to_office(page_answer(request, items, cursor=cursor, total=total), office=drafts)


def _key(event: Event, order: list[Order]) -> list[object]:
    return [getattr(event, _COLUMNS.get(part.name, part.name)) for part in order]


def _private_to_office(response: Response, *, office: bool) -> Response:
    """What the office sees may hold drafts: no cache may keep it for others."""
    if office:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@router.post(
    "/v1/events",
    summary="Add an event",
    status_code=201,
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(409, 503)),
)
async def create_event(
    request: Request, new: CheckedCreate, session: WriteSession, now: Now, language: ChosenLanguage
) -> Response:
    """Add an event as a draft, published at once, or completed where it has taken place already."""
    event = await operations.create_event(session, given=new.given, organiser=new.organiser, now=now)
    named = await entities.names(session, ids=[event.organiser_id])
    record = record_of(event, language, named[event.organiser_id])
    return record_answer(request, record, status=201, location=f"/v1/events/{event.id}")


@router.get(
    "/v1/events/{event_id:uuid}",
    summary="Read an event",
    response_model=EventRead,
    **operation(role="anonymous", scope="events:read", problems=(404,)),
)
async def get_event(
    request: Request, session: ReadSession, principal: CurrentPrincipal, language: ChosenLanguage, event_id: UUID
) -> Response:
    """One event with its numbers of people; drafts for the office alone."""
    office = may(principal.role, "office")
    event = await operations.get_event(session, event_id=event_id, drafts=office)
    named = await entities.names(session, ids=[event.organiser_id])
    response = record_answer(request, record_of(event, language, named[event.organiser_id]))
    return _private_to_office(response, office=office and event.state == "draft")


@router.delete(
    "/v1/events/{event_id:uuid}",
    summary="Delete an event",
    status_code=204,
    **operation(role="office", scope="events:write", problems=(404, 409, 412, 428)),
)
async def delete_event(request: Request, session: WriteSession, event_id: UUID) -> Response:
    """Remove an event that nobody registered for or came to, or a demonstration; the feed keeps a tombstone."""
    event = await operations.hold_event(session, event_id=event_id)
    require_match(request, event.version)
    await operations.delete_event(session, event=event)
    return Response(status_code=204)


async def _move(
    request: Request, session: WriteSession, now: Now, language: Language, event_id: UUID, to: State
) -> Response:
    event = await operations.hold_event(session, event_id=event_id)
    event = await operations.move_event(session, event=event, to=to, now=now)
    named = await entities.names(session, ids=[event.organiser_id])
    return record_answer(request, record_of(event, language, named[event.organiser_id]))


@router.post(
    "/v1/events/{event_id:uuid}/publish",
    summary="Publish a draft",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def publish_event(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, event_id: UUID
) -> Response:
    """From now on everybody sees it, and may register until it begins."""
    return await _move(request, session, now, language, event_id, "published")


@router.post(
    "/v1/events/{event_id:uuid}/cancel",
    summary="Cancel a published event",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def cancel_event(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, event_id: UUID
) -> Response:
    """It stays visible as cancelled; nobody can register any more."""
    return await _move(request, session, now, language, event_id, "cancelled")


@router.post(
    "/v1/events/{event_id:uuid}/complete",
    summary="Complete an event that has ended",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def complete_event(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, event_id: UUID
) -> Response:
    """It took place: from now on figures count it."""
    return await _move(request, session, now, language, event_id, "completed")
