"""Reconciliation over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic_core import to_json

from klaster_registry.reconciliation import operations, pages
from klaster_registry.reconciliation.manifest import BASE, manifest
from klaster_registry.reconciliation.requests import LenientRoute, Sent, extend_of, form_of, queries_of
from klaster_registry.reconciliation.schemas import FlyoutRead, ProposedRead, ReconcileRead, SuggestionsList
from klaster_shared.access import operation
from klaster_shared.dependencies import database_of
from klaster_shared.errors import Invalid, NotFound
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage, Language

router = APIRouter(
    tags=["reconciliation"], route_class=LenientRoute, generate_unique_id_function=lambda route: route.name
)
What = Literal["entity", "type", "property"]
Prefix = Annotated[str, Query(max_length=1_000, description="What somebody has typed so far")]
_LONG = LenientRoute.max_value
Cursor = Annotated[int, Query(ge=0, le=10_000, description="How many suggestions to pass over")]
Reference = Annotated[
    str, Path(max_length=200, description="Id of an entity, a type or a property", examples=["ror:03bqmcz70"])
]
_PAGE_HEADERS = {
    # It is made to stand in other people's pages, and can do nothing there. `frame-ancestors` goes before the
    # `X-Frame-Options` that the gateway says of every answer.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, no-cache",
    "Vary": "Accept-Language",
}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "queries": {
                            "type": "string",
                            "description": "JSON: queries by key",
                            "examples": ['{"q0": {"query": "AGH"}}'],
                        },
                        "extend": {"type": "string", "description": "JSON: `ids` and `properties`"},
                    },
                }
            }
        },
    }
}


def _open(*, problems: tuple[int, ...] = (), **extra: Any) -> dict[str, Any]:
    """Everybody may ask, from any page, at a rate of its own: clients of this protocol cannot send keys."""
    declared = operation(
        role="anonymous",
        scope="reconciliation:read",
        problems=problems,
        reads=True,
        bucket="reconciliation",
        cross_origin=True,
    )
    return {**declared, "openapi_extra": {**declared["openapi_extra"], **extra}}


def _page(*, problems: tuple[int, ...]) -> dict[str, Any]:
    """As `_open`, for what answers with a page."""
    declared = _open(problems=problems)
    page: dict[str, Any] = {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}}
    return {**declared, "responses": {**declared["responses"], 200: page}}


@router.get(
    BASE,
    summary="Reconcile, or read the manifest",
    response_model=ReconcileRead,
    operation_id="read_reconciliation",
    **_open(problems=(400, 413)),
)
async def read_reconciliation(
    request: Request,
    language: ChosenLanguage,
    queries: Annotated[str | None, Query(max_length=LenientRoute.max_value, description="JSON: queries by key")] = None,
    extend: Annotated[
        str | None, Query(max_length=LenientRoute.max_value, description="JSON: `ids` and `properties`")
    ] = None,
) -> Response:
    """Entity Reconciliation 0.2. Without parameters the manifest: give its address to OpenRefine, and the rest follows.

    Parameters that are not known are passed over here, `callback` among them: pages of any origin may read the answer,
    so nobody needs to run it as a script.
    """
    sent = Sent(queries=queries, extend=extend)
    if sent.queries is None and sent.extend is None:
        told = manifest(public_url=request.app.state.settings.public_url, language=language)
        return conditional_json(request, told)
    return await _answer(request, sent, language)


@router.post(
    BASE,
    summary="Reconcile a batch, or fetch values",
    response_model=ReconcileRead,
    operation_id="reconcile_entities",
    **_open(problems=(400, 413, 415), **_FORM),
)
async def reconcile_entities(request: Request, language: ChosenLanguage) -> Response:
    """A form with `queries` (rows to match) or `extend` (values to fetch), as JSON. It reads; nothing is stored."""
    return await _answer(request, await form_of(request), language)


async def _answer(request: Request, sent: Sent, language: Language) -> Response:
    database = database_of(request)
    if sent.queries is not None:
        found = await operations.reconcile(database, queries=queries_of(sent.queries), language=language)
    elif sent.extend is not None:
        found = await operations.extend(database, asked=extend_of(sent.extend), language=language)
    else:
        raise Invalid.field("/queries", "missing", "Send `queries` or `extend`")
    cost = max(1, len(found.get("rows", found)))  # what a batch holds counts against the quota
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language", "X-Klaster-Cost": str(cost)}
    return Response(to_json(found), media_type="application/json", headers=headers)


@router.get(
    f"{BASE}/suggest/entity",
    summary="Suggest entities",
    response_model=SuggestionsList,
    operation_id="suggest_reconciliation_entity",
    **_open(),
)
async def suggest_entity(
    request: Request, language: ChosenLanguage, prefix: Prefix = "", cursor: Cursor = 0
) -> Response:
    """Entities with a name that begins so; an id, a number or an identifier names its entity."""
    found = await operations.suggest_entities(database_of(request), prefix=prefix, cursor=cursor, language=language)
    return conditional_json(request, {"result": found})


@router.get(
    f"{BASE}/suggest/type",
    summary="Suggest types",
    response_model=SuggestionsList,
    operation_id="suggest_reconciliation_type",
    **_open(),
)
async def suggest_type(request: Request, language: ChosenLanguage, prefix: Prefix = "", cursor: Cursor = 0) -> Response:
    """Kinds of organisations, and `organisation`, which all are."""
    found = await operations.suggest_types(database_of(request), prefix=prefix, cursor=cursor, language=language)
    return conditional_json(request, {"result": found})


@router.get(
    f"{BASE}/suggest/property",
    summary="Suggest properties",
    response_model=SuggestionsList,
    operation_id="suggest_reconciliation_property",
    **_open(),
)
async def suggest_property(
    request: Request, language: ChosenLanguage, prefix: Prefix = "", cursor: Cursor = 0
) -> Response:
    """Properties that rows can be compared by, and that can be fetched."""
    found = operations.suggest_properties(prefix=prefix, cursor=cursor, language=language)
    return conditional_json(request, {"result": found})


@router.get(
    f"{BASE}/properties",
    summary="Propose properties to fetch",
    response_model=ProposedRead,
    operation_id="propose_reconciliation_properties",
    **_open(),
)
async def propose_properties(
    request: Request,
    language: ChosenLanguage,
    type: Annotated[str, Query(max_length=200)] = "organisation",  # noqa: A002 # the protocol's own word
    limit: Annotated[int | None, Query(ge=0, le=1_000)] = None,
) -> Response:
    """Properties of a type, the commonest first."""
    found = operations.proposed(language=language, limit=limit)
    return conditional_json(request, {"type": type, "limit": len(found), "properties": found})


@router.get(
    f"{BASE}/preview/{{reference}}",
    summary="Preview an entity",
    response_class=Response,
    operation_id="preview_reconciliation_entity",
    **_page(problems=(404,)),
)
async def preview_entity(request: Request, language: ChosenLanguage, reference: Reference) -> Response:
    """A small page about an entity, to stand in a frame of four hundred pixels."""
    document = await _document(request, reference)
    kinds = await operations.kind_names(database_of(request), language=language)
    return HTMLResponse(pages.preview_page(document, kinds, language), headers=_PAGE_HEADERS)


@router.get(
    f"{BASE}/features/{{feature}}",
    summary="Explain a feature",
    response_class=Response,
    operation_id="explain_reconciliation_feature",
    **_page(problems=(404,)),
)
async def explain_feature(
    language: ChosenLanguage,
    feature: Annotated[str, Path(max_length=120, description="As candidates name it", examples=["city_agrees"])],
) -> Response:
    """What a feature of a candidate says, as a small page."""
    said = operations.feature_named(feature=feature, language=language)
    if said is None:
        raise NotFound(f"There is no feature {feature}")
    return HTMLResponse(pages.plain_page(said, feature, language), headers=_PAGE_HEADERS)


@router.get(
    f"{BASE}/flyout/{{what}}/{{reference}}",
    summary="Preview what is suggested",
    response_model=FlyoutRead,
    operation_id="preview_reconciliation_suggestion",
    **_open(problems=(404,)),
)
async def preview_suggestion(request: Request, language: ChosenLanguage, what: What, reference: Reference) -> Response:
    """A piece of a page about an entity, a type or a property."""
    if what == "entity":
        kinds = await operations.kind_names(database_of(request), language=language)
        html = pages.preview_piece(await _document(request, reference), kinds, language)
    else:
        known = await operations.named(database_of(request), what=what, code=reference, language=language)
        if known is None:
            raise NotFound(f"There is no {what} {reference}")
        html = pages.plain_piece(known, reference)
    return conditional_json(request, {"id": reference, "html": html})


async def _document(request: Request, reference: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] | None = await operations.named_entity(database_of(request), reference=reference)
    if document is None:
        raise NotFound("No entity has this id, or several claim it")
    return document
