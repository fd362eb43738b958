"""Lists of competitors over HTTP: for the entity that keeps one, and the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.competitors import operations
from klaster_events.competitors.repository import ORDER
from klaster_events.competitors.schemas import CompetitorRead
from klaster_events.entities.checking import Checked, check_entities
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession, database_of
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("board")
_LIST = "/v1/lsos/entities/{entity_id:uuid}/competitors"


@router.get(
    _LIST,
    summary="List whom an entity does not want to be matched with",
    response_model=Page[CompetitorRead],
    **operation(role="partner", scope="competitors:read", problems=(404,)),
)
async def list_competitors(
    request: Request,
    session: ReadSession,
    author: Author,
    entity_id: UUID,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Shown to the entity itself and to the office, and to nobody who is on it."""
    rows = await operations.list_competitors(session, entity_id=entity_id, parameters=parameters, viewer=author)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.other_id, row.entity_id))
    items = await operations.records_of(session, rows=rows[: parameters.limit])
    total = await operations.count_competitors(session, entity_id=entity_id) if parameters.count else None
    return page_answer(request, items, cursor=cursor, total=total, public=False)


async def _checked(request: Request, author: Author, entity_id: UUID, other_id: UUID) -> Checked:
    """Both are asked for before the transaction begins; raises NotYourList, Invalid, Unavailable."""
    operations.require_own(entity_id, author)
    pointers = {"path/entity_id": entity_id, "path/other_id": other_id}
    return await check_entities(database_of(request), request.app.state.registry, pointers=pointers)


@router.put(
    _LIST + "/{other_id:uuid}",
    summary="Say that an entity does not want to be matched with another",
    status_code=204,
    **operation(role="partner", scope="competitors:write", problems=(404, 503)),
)
async def add_competitor(
    checked: Annotated[Checked, Depends(_checked)],
    author: Author,
    session: WriteSession,
    now: Now,
    entity_id: UUID,
    other_id: UUID,
) -> Response:
    """From now on neither is suggested to the other. A second time changes nothing."""
    await operations.add_competitor(
        session, entity_id=entity_id, other_id=other_id, checked=checked, viewer=author, now=now
    )
    return Response(status_code=204)


@router.delete(
    _LIST + "/{other_id:uuid}",
    summary="Take an entity off the list",
    status_code=204,
    **operation(role="partner", scope="competitors:write", problems=(404,)),
)
async def remove_competitor(author: Author, session: WriteSession, entity_id: UUID, other_id: UUID) -> Response:
    """They may be matched again, unless the other one does not want it. A second time changes nothing."""
    await operations.remove_competitor(session, entity_id=entity_id, other_id=other_id, viewer=author)
    return Response(status_code=204)
