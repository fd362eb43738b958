"""Free slots, and times without bookings, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.bookings import blackouts, operations
from klaster_events.bookings.records import blackout_record
from klaster_events.bookings.repository import BLACKOUT_ORDER
from klaster_events.bookings.schemas import BlackoutIn, BlackoutRead, SlotsParameters, SlotsRead
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("bookings")
_BLACKOUTS = "/v1/lsos/resources/{resource_id:uuid}/blackouts"


@router.get(
    "/v1/lsos/resources/{resource_id:uuid}/slots",
    summary="List the slots of a laboratory or service",
    response_model=SlotsRead,
    **operation(role="anonymous", scope="resources:read", problems=(404, 409)),
)
async def list_slots(
    request: Request, session: ReadSession, now: Now, resource_id: UUID, parameters: Annotated[SlotsParameters, Query()]
) -> Response:
    """The slots of some days, each free or not, as a booking that came now would find them; never whose they are."""
    found = await operations.slots_of(session, resource_id=resource_id, parameters=parameters, now=now)
    return conditional_json(request, found, public=False)


@router.get(
    _BLACKOUTS,
    summary="List the times without bookings of a laboratory or service",
    response_model=Page[BlackoutRead],
    **operation(role="anonymous", scope="resources:read", problems=(404,)),
)
async def list_blackouts(
    request: Request,
    session: ReadSession,
    now: Now,
    resource_id: UUID,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Those that are not over, the next first."""
    rows = await blackouts.list_blackouts(session, resource_id=resource_id, parameters=parameters, now=now)
    cursor = next_cursor(rows, limit=parameters.limit, order=BLACKOUT_ORDER, key=lambda row: (row.starts_at, row.id))
    total = await blackouts.count_blackouts(session, resource_id=resource_id, now=now) if parameters.count else None
    items = [blackout_record(row) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    _BLACKOUTS,
    summary="Keep a time without bookings",
    status_code=201,
    response_model=BlackoutRead,
    **operation(role="partner", scope="resources:write", problems=(404, 409)),
)
async def add_blackout(
    request: Request, author: Author, session: WriteSession, now: Now, resource_id: UUID, given: BlackoutIn
) -> Response:
    """For the owner, and the office. 409 `bookings_in_the_way` names what stands in it; `cancel_bookings` ends that."""
    row = await blackouts.add_blackout(session, resource_id=resource_id, given=given, viewer=author, now=now)
    return conditional_json(request, blackout_record(row), status=201, public=False)


@router.delete(
    _BLACKOUTS + "/{blackout_id:uuid}",
    summary="Take bookings again in a time that was kept without",
    status_code=204,
    **operation(role="partner", scope="resources:write", problems=(404,)),
)
async def remove_blackout(author: Author, session: WriteSession, resource_id: UUID, blackout_id: UUID) -> Response:
    """For the owner, and the office. Bookings that were cancelled for it stay cancelled."""
    await blackouts.remove_blackout(session, resource_id=resource_id, blackout_id=blackout_id, viewer=author)
    return Response(status_code=204)
