"""Matching over HTTP."""

from fastapi import Request
from fastapi.responses import Response
from pydantic_core import to_json

from klaster_registry.matching import operations
from klaster_registry.matching.schemas import MAX_ANONYMOUS, MatchesRead, MatchIn
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, database_of
from klaster_shared.errors import Invalid
from klaster_shared.routing import api_router

router = api_router("matching")


@router.post(
    "/v1/registry/match",
    summary="Match strings and rows to entities",
    response_model=MatchesRead,
    operation_id="match_entities",
    **operation(role="anonymous", scope="matching:read", reads=True, bucket="matching"),
)
async def match_entities(request: Request, principal: CurrentPrincipal, given: MatchIn) -> Response:
    """Candidates for each string or row, with a score and what it is made of; at most one is a `match`.

    A wrong match costs more than a missing one: where two may be meant, where a text names two, where a hospital is
    asked for and only its university is known, there is none, and `outcome` says why. Identifiers in the text (NIP,
    KRS, REGON, LEI, ROR, ISNI, Wikidata, GRID, Funder ID, EU VAT, our own numbers) go before names. Nothing is stored.
    """
    if principal.role == "anonymous" and len(given.queries) > MAX_ANONYMOUS:
        detail = f"Without a key up to {MAX_ANONYMOUS} at a time"
        raise Invalid.field("/queries", "too_long", detail)
    items = await operations.match(database_of(request), rows=given.queries, limit=given.limit)
    body = to_json(MatchesRead(items=items, cost=len(items)))
    headers = {"Cache-Control": "no-store", "X-Klaster-Cost": str(len(items))}
    return Response(body, media_type="application/json", headers=headers)
