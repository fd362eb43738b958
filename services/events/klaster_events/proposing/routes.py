"""What is proposed to the registry, for the office: what waits, what was sent, what was refused and why."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.proposing import operations
from klaster_events.proposing.repository import ORDER
from klaster_events.proposing.schemas import OutgoingListParameters, OutgoingRead
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("proposing")


@router.get(
    "/v1/lsos/outgoing-proposals",
    summary="List what is proposed to the registry",
    response_model=Page[OutgoingRead],
    **operation(role="office", scope="outgoing:read"),
)
async def list_outgoing_proposals(
    request: Request, session: ReadSession, parameters: Annotated[OutgoingListParameters, Query()]
) -> Response:
    """Projects that meetings became, and clusters abroad that declared readiness: the last first."""
    rows = await operations.list_outgoing(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.created_at, row.id))
    total = await operations.count_outgoing(session, parameters=parameters) if parameters.count else None
    items = await operations.records_of(session, rows=rows[: parameters.limit])
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    "/v1/lsos/outgoing-proposals/{outgoing_id:uuid}/resend",
    summary="Propose once more what the registry refused",
    response_model=OutgoingRead,
    **operation(role="office", scope="outgoing:write", problems=(404, 409)),
)
async def resend_outgoing_proposal(request: Request, session: WriteSession, now: Now, outgoing_id: UUID) -> Response:
    """After what it stumbled over was put right there: a code that was missing, an entity that was merged."""
    row = await operations.resend(session, outgoing_id=outgoing_id, now=now)
    [record] = await operations.records_of(session, rows=[row])
    return conditional_json(request, record, public=False)
