"""Events over HTTP: listed, added, moved on, deleted. Reading and changing one need nouns that stand above."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.events import operations
from klaster_events.events.looking import Looking, shown_to
from klaster_events.events.models import Event
from klaster_events.events.organisers import CheckedCreate
from klaster_events.events.schemas import EventListParameters, EventRead, Note, State
from klaster_events.events.steps import move_event
from klaster_events.events.viewers import OFFICE
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
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
    viewer: Looking,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[EventListParameters, Query()],
) -> Response:
    """Events in the order in which they begin; to partners also theirs and their groups', drafts to the office."""
    order = operations.order_of(parameters)
    rows = await operations.list_events(session, parameters=parameters, order=order, zone=zone, viewer=viewer)
    cursor = next_cursor(rows, limit=parameters.limit, order=order, key=lambda row: _key(row, order))
    total = None
    if parameters.count:
        total = (await operations.count_events(session, parameters=parameters, zone=zone, viewer=viewer)).total
    shown = rows[: parameters.limit]
    items = await operations.records_of(session, events=shown, language=language, viewer=viewer)
    return shown_to(viewer, page_answer(request, items, cursor=cursor, total=total))


def _key(event: Event, order: list[Order]) -> list[object]:
    return [getattr(event, _COLUMNS.get(part.name, part.name)) for part in order]


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
    [record] = await operations.records_of(session, events=[event], language=language, viewer=OFFICE)
    return record_answer(request, record, status=201, location=f"/v1/events/{event.id}", public=False)


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
    request: Request,
    session: WriteSession,
    now: Now,
    language: Language,
    event_id: UUID,
    to: State,
    note: Note | None = None,
) -> Response:
    event = await operations.hold_event(session, event_id=event_id)
    event = await move_event(session, event=event, to=to, now=now, note=note)
    [record] = await operations.records_of(session, events=[event], language=language, viewer=OFFICE)
    return record_answer(request, record, public=False)


@router.post(
    "/v1/events/{event_id:uuid}/publish",
    summary="Publish a draft",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def publish_event(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, event_id: UUID
) -> Response:
    """From now on whoever it is for sees it, and may register until it begins. Followers of feeds are told."""
    return await _move(request, session, now, language, event_id, "published")


@router.post(
    "/v1/events/{event_id:uuid}/postpone",
    summary="Postpone a published event",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def postpone_event(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    given: Note | None = None,
) -> Response:
    """Its new time is not known yet. Registrations hold, nobody new can register; who registered is told."""
    return await _move(request, session, now, language, event_id, "postponed", given)


@router.post(
    "/v1/events/{event_id:uuid}/cancel",
    summary="Cancel a published or postponed event",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def cancel_event(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    given: Note | None = None,
) -> Response:
    """It stays visible as cancelled; nobody can register any more, and who registered is told."""
    return await _move(request, session, now, language, event_id, "cancelled", given)


@router.post(
    "/v1/events/{event_id:uuid}/complete",
    summary="Complete an event that has ended",
    response_model=EventRead,
    **operation(role="office", scope="events:write", problems=(404, 409)),
)
async def complete_event(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    given: Note | None = None,
) -> Response:
    """It took place: from now on figures count it, and who took part is told."""
    return await _move(request, session, now, language, event_id, "completed", given)
