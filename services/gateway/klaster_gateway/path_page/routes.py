"""Pages of paths over HTTP."""

from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response

from klaster_gateway.clients.neighbours import neighbours_of
from klaster_gateway.composing.reader import Reader
from klaster_gateway.composing.sections import page_answer
from klaster_gateway.path_page.composing import compose_path
from klaster_gateway.path_page.schemas import PathOverview
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Today
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("paths")


@router.get(
    "/v1/paths/{code}/page",
    summary="A path of the strategy across services, on one page",
    response_model=PathOverview,
    **operation(role="anonymous", scope="path-page:read", problems=(404, 503, 504)),
)
async def get_path_page(
    request: Request,
    code: Annotated[str, Path(max_length=60, examples=["1"])],
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    today: Today,
) -> Response:
    """The path with its live scorecard, its events, this year's plan, and the projects and entities of its groups.

    A section whose service is away or late says so itself, and the others are there.
    """
    reader = Reader(neighbours=neighbours_of(request.app), principal=principal, language=language, today=today)
    return page_answer(request, await compose_path(reader, code=code), reader=reader)
