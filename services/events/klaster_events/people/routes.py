"""Looks at people over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.people import operations
from klaster_events.people.repository import LOOKS
from klaster_events.people.schemas import LookListParameters, LookRead
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import ReadSession
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("privacy")


@router.get(
    "/v1/privacy/looks",
    summary="List who looked at people",
    response_model=Page[LookRead],
    **operation(role="admin", scope="looks:read"),
)
async def list_looks(
    request: Request, session: ReadSession, parameters: Annotated[LookListParameters, Query()]
) -> Response:
    """Every time that somebody was shown people, the last first: who, in which role, when, and what."""
    rows = await operations.list_looks(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=LOOKS, key=lambda row: (row.at, row.id))
    total = await operations.count_looks(session, parameters=parameters) if parameters.count else None
    items = [operations.look_of(row) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total, public=False)
