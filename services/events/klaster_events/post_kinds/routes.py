"""Kinds of posts over HTTP."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_events.post_kinds import operations
from klaster_events.post_kinds.repository import ORDER
from klaster_events.post_kinds.schemas import (
    PostKindCreate,
    PostKindListParameters,
    PostKindRead,
    PostKindUpdate,
)
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("kinds of posts")
KindCode = Annotated[str, Path(max_length=60, examples=["technology"])]


@router.get(
    "/v1/lsos/post-kinds",
    summary="List kinds of posts",
    response_model=Page[PostKindRead],
    **operation(role="anonymous", scope="post-kinds:read"),
)
async def list_post_kinds(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    parameters: Annotated[PostKindListParameters, Query()],
) -> Response:
    """Kinds by code, each with what figures count it as."""
    rows = await operations.list_kinds(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.code,))
    total = await operations.count_kinds(session, parameters=parameters) if parameters.count else None
    items = [operations.record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/lsos/post-kinds",
    summary="Add a kind of post",
    status_code=201,
    response_model=PostKindRead,
    **operation(role="office", scope="post-kinds:write", problems=(409,)),
)
async def create_post_kind(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: PostKindCreate
) -> Response:
    """Add a kind. Its code stays for ever; it can be retired later."""
    created = await operations.create_kind(session, given=given, now=now)
    record = operations.record_of(created, language)
    return record_answer(request, record, status=201, location=f"/v1/lsos/post-kinds/{created.code}")


@router.get(
    "/v1/lsos/post-kinds/{code}",
    summary="Read a kind of post",
    response_model=PostKindRead,
    **operation(role="anonymous", scope="post-kinds:read", problems=(404,)),
)
async def get_post_kind(request: Request, session: ReadSession, language: ChosenLanguage, code: KindCode) -> Response:
    """One kind with its labels."""
    found = await operations.get_kind(session, code=code)
    return record_answer(request, operations.record_of(found, language))


@router.patch(
    "/v1/lsos/post-kinds/{code}",
    summary="Change or retire a kind of post",
    response_model=PostKindRead,
    **operation(role="office", scope="post-kinds:write", problems=(404, 412, 428)),
)
async def update_post_kind(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, code: KindCode, given: PostKindUpdate
) -> Response:
    """Merge the change into the record (JSON Merge Patch). A kind in use is retired, never deleted."""
    found = await operations.get_kind(session, code=code, held=True)
    require_match(request, found.version)
    changed = await operations.change_kind(session, kind=found, given=given, now=now)
    return record_answer(request, operations.record_of(changed, language))
