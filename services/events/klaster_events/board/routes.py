"""The board over HTTP: posts are read by everybody, written by the entities whose they are and by the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board import operations
from klaster_events.board.authors import AtMoment, Author, CheckedPost
from klaster_events.board.filters import Looked
from klaster_events.board.models import BoardPost
from klaster_events.board.operations import Moment
from klaster_events.board.schemas import ContactRead, PostListParameters, PostRead, PostState, PostUpdate
from klaster_events.board.steps import move_post
from klaster_events.events.looking import Looking, shown_to
from klaster_events.events.viewers import Viewer
from klaster_events.people.schemas import PersonGiven
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Order, Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("board")
_COLUMNS = {"title": "sort_title"}


@router.get(
    "/v1/lsos/board",
    summary="List offers and needs",
    response_model=Page[PostRead],
    **operation(role="anonymous", scope="board:read"),
)
async def list_posts(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    today: Today,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[PostListParameters, Query()],
) -> Response:
    """Posts of all states but drafts, the newest first; `open=true`: those that wait for an answer today."""
    order, looked = operations.order_of(parameters), Looked(viewer=viewer, today=today, zone=zone)
    rows = await operations.list_posts(session, parameters=parameters, order=order, looked=looked)
    cursor = next_cursor(rows, limit=parameters.limit, order=order, key=lambda row: _key(row, order))
    total = None
    if parameters.count:
        total = (await operations.count_posts(session, parameters=parameters, looked=looked)).total
    shown = rows[: parameters.limit]
    items = await operations.records_of(session, posts=shown, language=language, today=today)
    return shown_to(viewer, page_answer(request, items, cursor=cursor, total=total))


def _key(post: BoardPost, order: list[Order]) -> list[object]:
    return [getattr(post, _COLUMNS.get(part.name, part.name)) for part in order]


@router.post(
    "/v1/lsos/board",
    summary="Post an offer or a need",
    status_code=201,
    response_model=PostRead,
    **operation(role="partner", scope="board:write", problems=(409, 503)),
)
async def create_post(
    request: Request, new: CheckedPost, author: Author, session: WriteSession, at: AtMoment, language: ChosenLanguage
) -> Response:
    """Add a post as a draft, or published at once; a partner for its own entity, the office for any."""
    post = await operations.create_post(
        session, given=new.given, owner=new.owner, checked=new.checked, author=author, at=at
    )
    [record] = await operations.records_of(session, posts=[post], language=language, today=at.today)
    return record_answer(request, record, status=201, location=f"/v1/lsos/board/{post.id}", public=False)


@router.get(
    "/v1/lsos/board/{post_id:uuid}",
    summary="Read an offer or a need",
    response_model=PostRead,
    **operation(role="anonymous", scope="board:read", problems=(404,)),
)
async def get_post(
    request: Request, session: ReadSession, viewer: Looking, today: Today, language: ChosenLanguage, post_id: UUID
) -> Response:
    """One post, without its contact person."""
    post = await operations.get_post(session, post_id=post_id, viewer=viewer)
    [record] = await operations.records_of(session, posts=[post], language=language, today=today)
    return shown_to(viewer, record_answer(request, record))


@router.patch(
    "/v1/lsos/board/{post_id:uuid}",
    summary="Change an offer or a need",
    response_model=PostRead,
    **operation(role="partner", scope="board:write", problems=(404, 412, 428)),
)
async def update_post(
    request: Request,
    author: Author,
    session: WriteSession,
    at: AtMoment,
    language: ChosenLanguage,
    post_id: UUID,
    given: PostUpdate,
) -> Response:
    """Merge the change into the post (JSON Merge Patch)."""
    contact = None
    if isinstance(given.contact, PersonGiven):
        contact = await operations.keep_contact(session, given=given.contact, now=at.now)
    post = await operations.hold_own_post(session, post_id=post_id, author=author)
    require_match(request, post.version)
    post = await operations.change_post(session, post=post, given=given, contact=contact, at=at)
    return await _answer(request, session, post, language, at)


@router.delete(
    "/v1/lsos/board/{post_id:uuid}",
    summary="Delete a draft",
    status_code=204,
    **operation(role="partner", scope="board:write", problems=(404, 409, 412, 428)),
)
async def delete_post(request: Request, author: Author, session: WriteSession, post_id: UUID) -> Response:
    """Remove a post that was never published, or a demonstration; the feed keeps a tombstone."""
    post = await operations.hold_own_post(session, post_id=post_id, author=author)
    require_match(request, post.version)
    await operations.delete_post(session, post=post)
    return Response(status_code=204)


@router.get(
    "/v1/lsos/board/{post_id:uuid}/contact",
    summary="Read whom a post of one's own names",
    response_model=ContactRead,
    **operation(role="partner", scope="board:read", problems=(404,)),
)
async def get_post_contact(
    request: Request,
    author: Author,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    post_id: UUID,
) -> Response:
    """For the owner and the office. That somebody looked is recorded."""
    post = await operations.get_post(session, post_id=post_id, viewer=author)
    operations.require_own(post, author)
    return conditional_json(request, await operations.contact_of(session, post=post, now=now), public=False)


async def _answer(request: Request, session: WriteSession, post: BoardPost, language: Language, at: Moment) -> Response:
    [record] = await operations.records_of(session, posts=[post], language=language, today=at.today)
    return record_answer(request, record, public=False)


async def _move(
    request: Request,
    session: WriteSession,
    author: Viewer,
    at: Moment,
    language: Language,
    post_id: UUID,
    to: PostState,
) -> Response:
    post = await operations.hold_own_post(session, post_id=post_id, author=author)
    require_match(request, post.version)
    return await _answer(request, session, await move_post(session, post=post, to=to, at=at), language, at)


_STEP = operation(role="partner", scope="board:write", problems=(404, 409, 412, 428))


@router.post(
    "/v1/lsos/board/{post_id:uuid}/publish",
    summary="Publish a draft, or an answered post anew",
    response_model=PostRead,
    **_STEP,
)
async def publish_post(
    request: Request, author: Author, session: WriteSession, at: AtMoment, language: ChosenLanguage, post_id: UUID
) -> Response:
    """From now on whoever it is for sees it. It counts in the period in which it was published first."""
    return await _move(request, session, author, at, language, post_id, "published")


@router.post(
    "/v1/lsos/board/{post_id:uuid}/answer",
    summary="Note that a partner was found",
    response_model=PostRead,
    **_STEP,
)
async def answer_post(
    request: Request, author: Author, session: WriteSession, at: AtMoment, language: ChosenLanguage, post_id: UUID
) -> Response:
    """It stays on the board as answered, and waits for nobody any more; it can be published anew."""
    return await _move(request, session, author, at, language, post_id, "answered")


@router.post(
    "/v1/lsos/board/{post_id:uuid}/close",
    summary="Close a post for good",
    response_model=PostRead,
    **_STEP,
)
async def close_post(
    request: Request, author: Author, session: WriteSession, at: AtMoment, language: ChosenLanguage, post_id: UUID
) -> Response:
    """It stays readable, and counted where it was counted."""
    return await _move(request, session, author, at, language, post_id, "closed")
