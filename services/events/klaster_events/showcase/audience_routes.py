"""The audience of results over HTTP: looks, and who asks for a contact."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.people.schemas import AttendeeRead
from klaster_events.showcase import audience, operations
from klaster_events.showcase.promoters import CheckedContact
from klaster_events.showcase.repository import CONTACT_ORDER
from klaster_events.showcase.schemas import AskedContact, AskerRead, ViewsBatch, ViewsRead
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import Now, Today, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("showcase")


@router.post(
    "/v1/lsos/showcase/views",
    summary="Count looks at results",
    response_model=ViewsRead,
    **operation(role="integrator", scope="views:write"),
)
async def count_views(request: Request, session: WriteSession, today: Today, given: ViewsBatch) -> Response:
    """For whoever shows them to people: counted there, sent in batches, with a key so that none counts twice.

    Nothing is said of who looked, so nobody is told apart.
    """
    counted = await audience.count_views(session, views=given.views, today=today)
    return conditional_json(request, {"counted": counted}, public=False)


@router.post(
    "/v1/lsos/showcase/{result_id:uuid}/contacts",
    summary="Ask whom to speak to about a result",
    status_code=201,
    response_model=AskedContact,
    **operation(role="partner", scope="showcase:write", problems=(404, 409, 503)),
)
async def ask_contact(
    request: Request,
    new: CheckedContact,
    author: Author,
    session: WriteSession,
    now: Now,
    today: Today,
    result_id: UUID,
) -> Response:
    """Whoever asks says who they are, which the owner reads, and then may read `/contact`. Once an entity."""
    found = await audience.ask_contact(
        session,
        result_id=result_id,
        given=new.given,
        asker=new.asker,
        checked=new.checked,
        viewer=author,
        now=now,
        today=today,
    )
    return conditional_json(request, found, status=201, public=False)


@router.get(
    "/v1/lsos/showcase/{result_id:uuid}/contact",
    summary="Read whom to speak to about a result",
    response_model=AttendeeRead,
    **operation(role="partner", scope="showcase:read", problems=(404,)),
)
async def get_result_contact(
    request: Request,
    author: Author,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    result_id: UUID,
) -> Response:
    """For whoever asked, the owner and the office. That somebody looked is recorded."""
    item = await operations.get_result(session, result_id=result_id, viewer=author)
    found = await audience.contact_of(session, item=item, viewer=author, now=now)
    return conditional_json(request, found, public=False)


@router.get(
    "/v1/lsos/showcase/{result_id:uuid}/contacts",
    summary="List who asked about a result",
    response_model=Page[AskerRead],
    **operation(role="partner", scope="showcase:read", problems=(404,)),
)
async def list_contacts(
    request: Request,
    author: Author,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    result_id: UUID,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """For the owner and the office, the last first. That somebody looked is recorded."""
    item = await operations.get_result(session, result_id=result_id, viewer=author)
    operations.require_own(item, author)
    rows, items = await audience.list_contacts(session, item=item, parameters=parameters, now=now)
    cursor = next_cursor(rows, limit=parameters.limit, order=CONTACT_ORDER, key=lambda row: (row.created_at, row.id))
    total = await audience.count_contacts(session, item=item) if parameters.count else None
    return page_answer(request, items, cursor=cursor, total=total, public=False)
