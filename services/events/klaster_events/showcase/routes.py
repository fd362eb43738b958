"""The showcase over HTTP: read by everybody, filled by the entities whose results they are and by the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.events.looking import Looking, shown_to
from klaster_events.people.schemas import PersonGiven
from klaster_events.showcase import operations
from klaster_events.showcase.models import ShowcaseItem
from klaster_events.showcase.promoters import CheckedResult
from klaster_events.showcase.repository import ORDER
from klaster_events.showcase.schemas import ShowcaseListParameters, ShowcaseRead, ShowcaseUpdate
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("showcase")
_STEP = operation(role="partner", scope="showcase:write", problems=(404, 409, 412, 428))


@router.get(
    "/v1/lsos/showcase",
    summary="List results of projects on show",
    response_model=Page[ShowcaseRead],
    **operation(role="anonymous", scope="showcase:read"),
)
async def list_results(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[ShowcaseListParameters, Query()],
) -> Response:
    """The newest first, also those that were on show before; `on_show=true`: today's, or those of `as_of`."""
    rows = await operations.list_results(session, parameters=parameters, viewer=viewer, today=today)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.shown_from, row.id))
    total = None
    if parameters.count:
        total, _ = await operations.count_results(session, parameters=parameters, viewer=viewer, today=today)
    day, shown = parameters.as_of or today, rows[: parameters.limit]
    items = await operations.records_of(session, items=shown, language=language, day=day)
    return shown_to(viewer, page_answer(request, items, cursor=cursor, total=total))


@router.post(
    "/v1/lsos/showcase",
    summary="Promote a result of a project",
    status_code=201,
    response_model=ShowcaseRead,
    **operation(role="partner", scope="showcase:write", problems=(409, 503)),
)
async def create_result(
    request: Request, new: CheckedResult, session: WriteSession, now: Now, today: Today, language: ChosenLanguage
) -> Response:
    """As a draft, or on show at once; a partner those of projects in which its entity takes part, the office any."""
    item = await operations.create_result(session, given=new.given, promoter=new.promoter, now=now, today=today)
    [record] = await operations.records_of(session, items=[item], language=language, day=today)
    return record_answer(request, record, status=201, location=f"/v1/lsos/showcase/{item.id}", public=False)


@router.get(
    "/v1/lsos/showcase/{result_id:uuid}",
    summary="Read a result on show",
    response_model=ShowcaseRead,
    **operation(role="anonymous", scope="showcase:read", problems=(404,)),
)
async def get_result(
    request: Request, session: ReadSession, viewer: Looking, today: Today, language: ChosenLanguage, result_id: UUID
) -> Response:
    """With its audience: how often it was looked at, and how many asked for a contact."""
    item = await operations.get_result(session, result_id=result_id, viewer=viewer)
    [record] = await operations.records_of(session, items=[item], language=language, day=today)
    return shown_to(viewer, record_answer(request, record))


@router.patch(
    "/v1/lsos/showcase/{result_id:uuid}",
    summary="Change a result on show",
    response_model=ShowcaseRead,
    **_STEP,
)
async def update_result(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    result_id: UUID,
    given: ShowcaseUpdate,
) -> Response:
    """Merge the change into the result (JSON Merge Patch); one that is withdrawn stays as it was."""
    contact = None
    if isinstance(given.contact, PersonGiven):
        contact = await operations.keep_contact(session, given=given.contact, now=now)
    item = await operations.hold_own(session, result_id=result_id, author=author)
    require_match(request, item.version)
    item = await operations.change_result(session, item=item, given=given, contact=contact, now=now)
    return await _answer(request, session, item, language, today)


@router.delete(
    "/v1/lsos/showcase/{result_id:uuid}",
    summary="Delete a draft of a result",
    status_code=204,
    **operation(role="partner", scope="showcase:write", problems=(404, 409, 412, 428)),
)
async def delete_result(request: Request, author: Author, session: WriteSession, result_id: UUID) -> Response:
    """One that was never on show, or a demonstration; the feed keeps a tombstone."""
    item = await operations.hold_own(session, result_id=result_id, author=author)
    require_match(request, item.version)
    await operations.delete_result(session, item=item)
    return Response(status_code=204)


@router.post(
    "/v1/lsos/showcase/{result_id:uuid}/publish",
    summary="Put a result on show",
    response_model=ShowcaseRead,
    **_STEP,
)
async def publish_result(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    result_id: UUID,
) -> Response:
    """From its first day on everybody sees it, and the strategy counts it."""
    item = await operations.hold_own(session, result_id=result_id, author=author)
    require_match(request, item.version)
    return await _answer(request, session, await operations.publish(session, item=item, now=now), language, today)


@router.post(
    "/v1/lsos/showcase/{result_id:uuid}/withdraw",
    summary="Take a result off the showcase",
    response_model=ShowcaseRead,
    **_STEP,
)
async def withdraw_result(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    result_id: UUID,
) -> Response:
    """It was on show until yesterday, stays readable, and counted where it was counted."""
    item = await operations.hold_own(session, result_id=result_id, author=author)
    require_match(request, item.version)
    item = await operations.withdraw(session, item=item, now=now, today=today)
    return await _answer(request, session, item, language, today)


async def _answer(
    request: Request, session: WriteSession, item: ShowcaseItem, language: Language, today: Today
) -> Response:
    [record] = await operations.records_of(session, items=[item], language=language, day=today)
    return record_answer(request, record, public=False)
