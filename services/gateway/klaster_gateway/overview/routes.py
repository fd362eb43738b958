"""The overview over HTTP."""

from fastapi import Request
from fastapi.responses import Response

from klaster_gateway.clients.neighbours import neighbours_of
from klaster_gateway.composing.reader import Reader
from klaster_gateway.composing.sections import page_answer
from klaster_gateway.overview.composing import compose_overview
from klaster_gateway.overview.schemas import Overview
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Today
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("overview")


@router.get(
    "/v1/overview",
    summary="The cluster on one page",
    response_model=Overview,
    **operation(role="anonymous", scope="overview:read"),
)
async def get_overview(
    request: Request, principal: CurrentPrincipal, language: ChosenLanguage, today: Today
) -> Response:
    """Scorecard in numbers, entities by interest group, next events, latest changes.

    Always 200: a section whose service is away or late says so itself, and the others are there.
    """
    reader = Reader(neighbours=neighbours_of(request.app), principal=principal, language=language, today=today)
    return page_answer(request, await compose_overview(reader), reader=reader)
