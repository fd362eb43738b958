"""Matches over HTTP: for those who speak for an entity, and the office."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author, spoken_for
from klaster_events.board.errors import NotYourPost
from klaster_events.matches import operations
from klaster_events.matches.schemas import BoardMatches, MatchParameters
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, ReadSession, Today
from klaster_shared.errors import Invalid
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("board")


@router.get(
    "/v1/lsos/matches",
    summary="Suggest posts to an entity, or for a post",
    response_model=BoardMatches,
    **operation(role="partner", scope="matches:read", problems=(404,)),
)
async def list_matches(
    request: Request,
    session: ReadSession,
    author: Author,
    principal: CurrentPrincipal,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[MatchParameters, Query()],
) -> Response:
    """Open posts of others, the best first, each with the reasons that speak for it.

    Never between competitors, nor across an agreement that was refused. Partners ask for their own.
    """
    if parameters.post is not None and parameters.entity is not None:
        raise Invalid.field("query/post", "one_of", "Ask for a post or for an entity, not for both")
    if parameters.post is not None:
        found = await operations.matches_for_post(
            session, post_id=parameters.post, viewer=author, today=today, limit=parameters.limit
        )
    else:
        entity_id = spoken_for(
            author,
            principal.entity,
            parameters.entity,
            pointer="query/entity",
            needed="Say for which post, or for which entity",
            refused=NotYourPost("You do not speak for this entity"),
        )
        found = await operations.matches_for_entity(session, entity_id=entity_id, today=today, limit=parameters.limit)
    items = operations.answers_of(found, language=language, today=today)
    return conditional_json(request, {"items": items}, public=False)
