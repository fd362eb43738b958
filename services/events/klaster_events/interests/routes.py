"""Interest in posts over HTTP: for the two sides, and for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.events.viewers import Viewer
from klaster_events.interests import operations
from klaster_events.interests.askers import CheckedInterest
from klaster_events.interests.operations import Shown
from klaster_events.interests.repository import ORDER
from klaster_events.interests.schemas import (
    Agreement,
    InterestInFull,
    InterestListParameters,
    InterestRead,
    InterestSide,
)
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("board")
_STEP = operation(role="partner", scope="interests:write", problems=(404, 409, 412, 428))


@router.post(
    "/v1/lsos/board/{post_id:uuid}/interests",
    summary="Show interest in a post",
    status_code=201,
    response_model=InterestRead,
    **operation(role="partner", scope="interests:write", problems=(404, 409, 503)),
)
async def show_interest(
    request: Request,
    new: CheckedInterest,
    author: Author,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    post_id: UUID,
) -> Response:
    """The owner reads the message; whom to speak to, both are told once both agree."""
    shown = await operations.show_interest(
        session,
        post_id=post_id,
        given=new.given,
        asker=new.asker,
        checked=new.checked,
        viewer=author,
        now=now,
        today=today,
    )
    [record] = await operations.records_of(session, rows=[shown], language=language)
    location = f"/v1/lsos/interests/{shown[0].id}"
    return record_answer(request, record, status=201, location=location, public=False)


@router.get(
    "/v1/lsos/interests",
    summary="List interest shown, and received",
    response_model=Page[InterestRead],
    **operation(role="partner", scope="interests:read"),
)
async def list_interests(
    request: Request,
    session: ReadSession,
    author: Author,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[InterestListParameters, Query()],
) -> Response:
    """The last first: what one's own entity showed or received; everything for the office."""
    rows = await operations.list_interests(session, parameters=parameters, viewer=author, zone=zone)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row[0].created_at, row[0].id))
    total = None
    if parameters.count:
        total = await operations.count_interests(session, parameters=parameters, viewer=author, zone=zone)
    items = await operations.records_of(session, rows=rows[: parameters.limit], language=language)
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.get(
    "/v1/lsos/interests/{interest_id:uuid}",
    summary="Read interest in a post with its message, and with both contacts once both sides agree",
    response_model=InterestInFull,
    **operation(role="partner", scope="interests:read", problems=(404,)),
)
async def get_interest(
    request: Request,
    author: Author,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    language: ChosenLanguage,
    interest_id: UUID,
) -> Response:
    """For either side, and the office. That somebody looked is recorded."""
    shown = await operations.get_interest(session, interest_id=interest_id, viewer=author)
    record = await operations.in_full(session, shown=shown, language=language, now=now)
    return record_answer(request, record, public=False)


async def _held(request: Request, session: WriteSession, author: Viewer, interest_id: UUID) -> Shown:
    shown = await operations.get_interest(session, interest_id=interest_id, viewer=author, held=True)
    require_match(request, shown[0].version)
    return shown


async def _answer(request: Request, session: WriteSession, shown: Shown, language: Language) -> Response:
    [record] = await operations.records_of(session, rows=[shown], language=language)
    return record_answer(request, record, public=False)


@router.post(
    "/v1/lsos/interests/{interest_id:uuid}/agree",
    summary="Agree that the other side is told whom to speak to",
    response_model=InterestRead,
    **_STEP,
)
async def agree_to_interest(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    interest_id: UUID,
    given: Agreement | None = None,
) -> Response:
    """Each side agrees for its own contact person; once both have, both are named to both. Twice changes nothing.

    What they are asked in which words: `/v1/consent-texts?occasion=interest`. Whoever takes back a required one is
    named to nobody any more.
    """
    shown = await _held(request, session, author, interest_id)
    shown = await operations.agree(session, shown=shown, given=given or Agreement(), viewer=author, now=now)
    return await _answer(request, session, shown, language)


async def _end(
    request: Request,
    session: WriteSession,
    author: Viewer,
    now: Now,
    language: Language,
    interest_id: UUID,
    by: InterestSide,
) -> Response:
    shown = await _held(request, session, author, interest_id)
    shown = await operations.end(session, shown=shown, by=by, viewer=author, now=now)
    return await _answer(request, session, shown, language)


@router.post(
    "/v1/lsos/interests/{interest_id:uuid}/decline",
    summary="Decline interest in a post of one's own",
    response_model=InterestRead,
    **_STEP,
)
async def decline_interest(
    request: Request, author: Author, session: WriteSession, now: Now, language: ChosenLanguage, interest_id: UUID
) -> Response:
    """The owner ends it, also what was agreed to: from now on neither side is shown the other's contact."""
    return await _end(request, session, author, now, language, interest_id, "owner")


@router.post(
    "/v1/lsos/interests/{interest_id:uuid}/withdraw",
    summary="Withdraw interest in a post",
    response_model=InterestRead,
    **_STEP,
)
async def withdraw_interest(
    request: Request, author: Author, session: WriteSession, now: Now, language: ChosenLanguage, interest_id: UUID
) -> Response:
    """Whoever was interested ends it, also what was agreed to; it can be shown anew."""
    return await _end(request, session, author, now, language, interest_id, "asker")
