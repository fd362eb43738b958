"""Check-in lists over HTTP, and the devices that they are given to."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.attendance.organising import organised_event
from klaster_events.checkin import operations
from klaster_events.checkin.list_schemas import (
    CheckinListCreate,
    CheckinListRead,
    CheckinListUpdate,
    DeviceGive,
    DeviceRead,
)
from klaster_events.checkin.models import CheckinList
from klaster_events.checkin.repository import LIST_ORDER
from klaster_events.events import operations as events
from klaster_events.events.models import Event
from klaster_shared.access import may, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("checkin")
LISTS = "/v1/events/{event_id:uuid}/checkin/lists"


@router.get(
    "/v1/checkin/lists",
    summary="List the check-in lists given to this device",
    response_model=Page[CheckinListRead],
    **operation(role="device", scope="checkin:read"),
)
async def list_given_checkin_lists(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Where this device may scan; the office sees the lists of all events."""
    subject = None if may(principal.role, "office") else principal.subject
    rows = await operations.given_page(session, subject=subject, cursor=parameters.cursor, limit=parameters.limit)
    cursor = next_cursor(rows, limit=parameters.limit, order=LIST_ORDER, key=lambda row: (row.id,))
    shown = rows[: parameters.limit]
    sessions = await operations.sessions_of(session, lists=shown)
    held = {row.event_id: await events.get_event(session, event_id=row.event_id) for row in shown}
    items = [operations.record_of(row, held[row.event_id], sessions, language) for row in shown]
    total = await operations.count_given(session, subject=subject) if parameters.count else None
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.get(
    LISTS,
    summary="List an event's check-in lists",
    response_model=Page[CheckinListRead],
    **operation(role="partner", scope="checkin:read", problems=(404,)),
)
async def list_checkin_lists(
    request: Request,
    session: WriteSession,  # the event's own list is made by whoever looks first
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
) -> Response:
    """All of them, the oldest first. Every event has one of its own, under the event's id."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    rows = await operations.lists_of(session, event=event, now=now)
    sessions = await operations.sessions_of(session, lists=rows)
    items = [operations.record_of(row, event, sessions, language) for row in rows]
    return page_answer(request, items, cursor=None, total=None, public=False)


@router.post(
    LISTS,
    summary="Add a check-in list",
    status_code=201,
    response_model=CheckinListRead,
    **operation(role="partner", scope="checkin:write", problems=(404, 409)),
)
async def create_checkin_list(
    request: Request,
    given: CheckinListCreate,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
) -> Response:
    """Another door of the event, or the door of one session: there a seat in the session is asked for."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    door = await operations.create_list(session, event=event, given=given, now=now)
    return await _answer(request, session, door, event, language, status=201)


@router.get(
    LISTS + "/{list_id:uuid}",
    summary="Read a check-in list",
    response_model=CheckinListRead,
    **operation(role="partner", scope="checkin:read", problems=(404,)),
)
async def get_checkin_list(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    list_id: UUID,
) -> Response:
    """One list, with the hours as they are now."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    door = await operations.get_list(session, event=event, list_id=list_id, now=now)
    return await _answer(request, session, door, event, language)


@router.patch(
    LISTS + "/{list_id:uuid}",
    summary="Change a check-in list",
    response_model=CheckinListRead,
    **operation(role="partner", scope="checkin:write", problems=(404, 409, 412, 428)),
)
async def update_checkin_list(
    request: Request,
    given: CheckinListUpdate,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    list_id: UUID,
) -> Response:
    """Merge the change into the record (JSON Merge Patch). What was scanned before stays as it was judged."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    door = await operations.hold_list(session, event=event, list_id=list_id, now=now)
    require_match(request, door.version)
    door = await operations.change_list(session, event=event, door=door, given=given, now=now)
    return await _answer(request, session, door, event, language)


@router.delete(
    LISTS + "/{list_id:uuid}",
    summary="Delete a check-in list",
    status_code=204,
    **operation(role="partner", scope="checkin:write", problems=(404, 409, 412, 428)),
)
async def delete_checkin_list(
    request: Request, session: WriteSession, principal: CurrentPrincipal, now: Now, event_id: UUID, list_id: UUID
) -> Response:
    """Remove a list at which nothing was scanned."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    door = await operations.hold_list(session, event=event, list_id=list_id, now=now)
    require_match(request, door.version)
    await operations.delete_list(session, door=door)
    return Response(status_code=204)


@router.get(
    LISTS + "/{list_id:uuid}/devices",
    summary="List the devices of a check-in list",
    response_model=Page[DeviceRead],
    **operation(role="office", scope="checkin:read", problems=(404,)),
)
async def list_checkin_devices(
    request: Request, session: WriteSession, now: Now, event_id: UUID, list_id: UUID
) -> Response:
    """The keys that may scan here, each under the name that people know it by."""
    event = await events.get_event(session, event_id=event_id)
    door = await operations.get_list(session, event=event, list_id=list_id, now=now)
    items = [row.model_dump() for row in await operations.devices_of(session, door=door)]
    return page_answer(request, items, cursor=None, total=None, public=False)


@router.put(
    LISTS + "/{list_id:uuid}/devices/{key_id:uuid}",
    summary="Give a check-in list to a device",
    response_model=DeviceRead,
    **operation(role="office", scope="checkin:write", problems=(404,)),
)
async def give_checkin_list(
    request: Request, given: DeviceGive, session: WriteSession, now: Now, event_id: UUID, list_id: UUID, key_id: UUID
) -> Response:
    """Let a key of the role device scan here; given again, it is renamed."""
    event = await events.get_event(session, event_id=event_id)
    door = await operations.get_list(session, event=event, list_id=list_id, now=now)
    device = await operations.give_list(session, door=door, key_id=key_id, name=given.name, now=now)
    return conditional_json(request, device.model_dump(), public=False)


@router.delete(
    LISTS + "/{list_id:uuid}/devices/{key_id:uuid}",
    summary="Take a check-in list away from a device",
    status_code=204,
    **operation(role="office", scope="checkin:write", problems=(404,)),
)
async def take_checkin_list(session: WriteSession, now: Now, event_id: UUID, list_id: UUID, key_id: UUID) -> Response:
    """From this moment on the device can do nothing here, not even send what it scanned before."""
    event = await events.get_event(session, event_id=event_id)
    door = await operations.get_list(session, event=event, list_id=list_id, now=now)
    await operations.take_list(session, door=door, key_id=key_id)
    return Response(status_code=204)


async def _answer(
    request: Request,
    session: WriteSession,
    door: CheckinList,
    event: Event,
    language: Language,
    *,
    status: int = 200,
) -> Response:
    sessions = await operations.sessions_of(session, lists=[door])
    record = operations.record_of(door, event, sessions, language)
    location = f"/v1/events/{event.id}/checkin/lists/{door.id}" if status == 201 else None
    return record_answer(request, record, status=status, location=location, public=False)
