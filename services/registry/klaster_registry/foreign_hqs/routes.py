"""Headquarters abroad over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.foreign_hqs import operations
from klaster_registry.foreign_hqs.repository import ORDER
from klaster_registry.foreign_hqs.schemas import (
    ForeignHqCreate,
    ForeignHqListParameters,
    ForeignHqRead,
    ForeignHqUpdate,
)
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("foreign headquarters")


@router.get(
    "/v1/foreign-hqs",
    summary="List organisations with headquarters abroad",
    response_model=Page[ForeignHqRead],
    operation_id="list_foreign_hqs",
    **operation(role="anonymous", scope="foreign-hqs:read"),
)
async def list_foreign_hqs(
    request: Request, session: ReadSession, today: Today, parameters: Annotated[ForeignHqListParameters, Query()]
) -> Response:
    """Organisations abroad by name, with their engagement over time."""
    rows = await operations.list_hqs(session, parameters=parameters, today=today)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.sort_name, row.id))
    total = None
    if parameters.count:
        total, _ = await operations.count_hqs(session, parameters=parameters, today=today)
    items = await operations.records_of(session, hqs=rows[: parameters.limit])
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/foreign-hqs",
    summary="Add an organisation abroad",
    status_code=201,
    response_model=ForeignHqRead,
    operation_id="create_foreign_hq",
    **operation(role="office", scope="foreign-hqs:write", problems=(404, 409)),
)
async def create_foreign_hq(request: Request, session: WriteSession, now: Now, given: ForeignHqCreate) -> Response:
    """Add an organisation abroad with its engagement so far."""
    hq = await operations.create_hq(session, given=given, now=now)
    [record] = await operations.records_of(session, hqs=[hq])
    return record_answer(request, record, status=201, location=f"/v1/foreign-hqs/{hq.id}")


@router.get(
    "/v1/foreign-hqs/{hq_id:uuid}",
    summary="Read an organisation abroad",
    response_model=ForeignHqRead,
    operation_id="get_foreign_hq",
    **operation(role="anonymous", scope="foreign-hqs:read", problems=(404,)),
)
async def get_foreign_hq(request: Request, session: ReadSession, hq_id: UUID) -> Response:
    """One organisation abroad."""
    hq = await operations.get_hq(session, hq_id=hq_id)
    [record] = await operations.records_of(session, hqs=[hq])
    return record_answer(request, record)


@router.patch(
    "/v1/foreign-hqs/{hq_id:uuid}",
    summary="Change an organisation abroad",
    response_model=ForeignHqRead,
    operation_id="update_foreign_hq",
    **operation(role="office", scope="foreign-hqs:write", problems=(404, 409, 412, 428)),
)
async def update_foreign_hq(
    request: Request, session: WriteSession, now: Now, hq_id: UUID, given: ForeignHqUpdate
) -> Response:
    """Merge the change into the record (JSON Merge Patch): the chain of engagements is replaced as a whole."""
    hq = await operations.get_hq(session, hq_id=hq_id, held=True)
    require_match(request, hq.version)
    hq = await operations.change_hq(session, hq=hq, given=given, now=now)
    [record] = await operations.records_of(session, hqs=[hq])
    return record_answer(request, record)


@router.delete(
    "/v1/foreign-hqs/{hq_id:uuid}",
    summary="Delete an organisation abroad",
    status_code=204,
    operation_id="delete_foreign_hq",
    **operation(role="office", scope="foreign-hqs:write", problems=(404, 412, 428)),
)
async def delete_foreign_hq(request: Request, session: WriteSession, hq_id: UUID) -> Response:
    """Remove an organisation abroad; the feed keeps a tombstone."""
    hq = await operations.get_hq(session, hq_id=hq_id, held=True)
    require_match(request, hq.version)
    await operations.delete_hq(session, hq=hq)
    return Response(status_code=204)
