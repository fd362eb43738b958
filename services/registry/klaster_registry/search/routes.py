"""The search over HTTP."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.search import operations
from klaster_registry.search.schemas import SearchParameters, SearchRead, SuggestionsRead, SuggestParameters
from klaster_shared.access import may, operation
from klaster_shared.changes import audiences_of
from klaster_shared.dependencies import CurrentPrincipal, database_of
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import next_link
from klaster_shared.routing import api_router

router = api_router("search")


def _audiences(role: str) -> operations.Audiences:
    """Whose entries a role may see; None: all of them."""
    return None if may(role, "office") else tuple(audiences_of(role))


@router.get(
    "/v1/registry/search",
    summary="Search the registry",
    response_model=SearchRead,
    operation_id="search_registry",
    **operation(role="anonymous", scope="search:read"),
)
async def search_registry(
    request: Request,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    parameters: Annotated[SearchParameters, Query()],
) -> Response:
    """Records of every kind: names that begin with `q`, then all other matches by title.

    Where nothing is found, what may have been meant: such hits say `similar` and which words were put right.
    """
    database, audiences = database_of(request), _audiences(principal.role)
    hits, cursor = await operations.search(database, parameters=parameters, audiences=audiences)
    page: dict[str, Any] = {"items": [operations.record_of(hit, language) for hit in hits], "next": cursor}
    if parameters.count:
        page["total"] = await operations.count(database, parameters=parameters, audiences=audiences)
    if parameters.facets:
        page["facets"] = await operations.count_facets(database, parameters=parameters, audiences=audiences)
    public = audiences == ("anonymous",)
    return conditional_json(request, page, headers=next_link(request, cursor), public=public)


@router.get(
    "/v1/registry/suggest",
    summary="Suggest records while somebody types",
    response_model=SuggestionsRead,
    operation_id="suggest_in_registry",
    **operation(role="anonymous", scope="search:read"),
)
async def suggest_in_registry(
    request: Request,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    parameters: Annotated[SuggestParameters, Query()],
) -> Response:
    """Records whose name begins with what was typed, then those with words that do."""
    database, audiences = database_of(request), _audiences(principal.role)
    rows = await operations.suggest(database, parameters=parameters, audiences=audiences)
    items = [operations.suggestion_of(row, language) for row in rows]
    return conditional_json(request, {"items": items}, public=audiences == ("anonymous",))
