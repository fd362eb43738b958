"""The search over all services over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_gateway.clients.neighbours import neighbours_of
from klaster_gateway.composing.reader import Reader
from klaster_gateway.composing.sections import page_answer
from klaster_gateway.search.composing import search_all
from klaster_gateway.search.schemas import FoundEverywhere, SearchAll
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Today
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("search")


@router.get(
    "/v1/search",
    summary="Search everything",
    response_model=FoundEverywhere,
    **operation(role="anonymous", scope="federated-search:read"),
)
async def search_everything(
    request: Request,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    today: Today,
    asked: Annotated[SearchAll, Query()],
) -> Response:
    """Registry, events and indicators at once, each ranked by its own service.

    The next page of a section: its `kind` and its `next` as `cursor`. A section that refuses the words, is away or late
    says so itself, and the others are there.
    """
    reader = Reader(neighbours=neighbours_of(request.app), principal=principal, language=language, today=today)
    return page_answer(request, await search_all(reader, asked=asked), reader=reader)
