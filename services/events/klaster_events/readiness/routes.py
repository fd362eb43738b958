"""Declared readiness over HTTP: for the owner of a post, and the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response

from klaster_events.board import operations as board
from klaster_events.board.authors import Author
from klaster_events.readiness import operations
from klaster_events.readiness.schemas import ClusterIn, HqFacts, ReadinessCreate, ReadinessRead
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.errors import Invalid
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router

router = api_router("board")
_PATH = "/v1/lsos/board/{post_id:uuid}/readiness"


async def _cluster(request: Request, given: ReadinessCreate) -> ClusterIn | HqFacts:
    """Looked up before the transaction begins; raises Invalid where there is none, Unavailable where it is away."""
    if given.cluster is not None:
        return given.cluster
    assert given.foreign_hq is not None, "one of the two is named"
    found: HqFacts | None = await request.app.state.registry.foreign_hq(given.foreign_hq)
    if found is None or found.kind != "cluster":
        raise Invalid.field(
            "/foreign_hq", "unknown_cluster", f"The registry knows no cluster abroad {given.foreign_hq}"
        )
    return found


@router.post(
    _PATH,
    summary="Declare that a cluster abroad is ready to cooperate",
    status_code=201,
    response_model=ReadinessRead,
    **operation(role="partner", scope="board:write", problems=(404, 409, 503)),
)
async def declare_readiness(
    request: Request,
    author: Author,
    cluster: Annotated[ClusterIn | HqFacts, Depends(_cluster)],
    session: WriteSession,
    now: Now,
    today: Today,
    post_id: UUID,
    given: ReadinessCreate,
) -> Response:
    """It is proposed to the registry by itself, once, as soon as that answers; the office decides there."""
    post = await board.hold_own_post(session, post_id=post_id, author=author)
    row = await operations.declare(session, post=post, cluster=cluster, ready_from=given.ready_from or today, now=now)
    return conditional_json(request, await operations.record_of(session, row=row), status=201, public=False)


@router.get(
    _PATH,
    summary="Read what a cluster abroad declared",
    response_model=ReadinessRead,
    **operation(role="partner", scope="board:read", problems=(404,)),
)
async def get_readiness(request: Request, author: Author, session: ReadSession, post_id: UUID) -> Response:
    """And what became of it in the registry, for the owner of the post and the office."""
    post = await board.get_post(session, post_id=post_id, viewer=author)
    board.require_own(post, author)
    row = await operations.get_readiness(session, post_id=post_id)
    return conditional_json(request, await operations.record_of(session, row=row), public=False)
