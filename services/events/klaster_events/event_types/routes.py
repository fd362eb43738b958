"""Event types over HTTP."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_events.event_types import operations
from klaster_events.event_types.repository import ORDER
from klaster_events.event_types.schemas import (
    EventTypeCreate,
    EventTypeListParameters,
    EventTypeRead,
    EventTypeUpdate,
)
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("event types")
TypeCode = Annotated[str, Path(max_length=60, examples=["networking"])]


@router.get(
    "/v1/event-types",
    summary="List types of events",
    response_model=Page[EventTypeRead],
    **operation(role="anonymous", scope="event-types:read"),
)
async def list_event_types(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    parameters: Annotated[EventTypeListParameters, Query()],
) -> Response:
    """Types by code, each with what figures count it as."""
    rows = await operations.list_types(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.code,))
    total = await operations.count_types(session, parameters=parameters) if parameters.count else None
    items = [operations.record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/event-types",
    summary="Add a type of event",
    status_code=201,
    response_model=EventTypeRead,
    **operation(role="office", scope="event-types:write", problems=(409,)),
)
async def create_event_type(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: EventTypeCreate
) -> Response:
    """Add a type. Its code stays for ever; it can be retired later."""
    created = await operations.create_type(session, given=given, now=now)
    record = operations.record_of(created, language)
    return record_answer(request, record, status=201, location=f"/v1/event-types/{created.code}")


@router.get(
    "/v1/event-types/{code}",
    summary="Read a type of event",
    response_model=EventTypeRead,
    **operation(role="anonymous", scope="event-types:read", problems=(404,)),
)
async def get_event_type(request: Request, session: ReadSession, language: ChosenLanguage, code: TypeCode) -> Response:
    """One type with its labels."""
    found = await operations.get_type(session, code=code)
    return record_answer(request, operations.record_of(found, language))


@router.patch(
    "/v1/event-types/{code}",
    summary="Change or retire a type of event",
    response_model=EventTypeRead,
    **operation(role="office", scope="event-types:write", problems=(404, 412, 428)),
)
async def update_event_type(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, code: TypeCode, given: EventTypeUpdate
) -> Response:
    """Merge the change into the record (JSON Merge Patch). A type in use is retired, never deleted."""
    found = await operations.get_type(session, code=code, held=True)
    require_match(request, found.version)
    changed = await operations.change_type(session, event_type=found, given=given, now=now)
    return record_answer(request, operations.record_of(changed, language))
