"""Fields over HTTP: a list that also asks for documents; the codes themselves as any taxonomy."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.fields import operations
from klaster_registry.fields.repository import ORDER
from klaster_registry.fields.schemas import FieldListParameters
from klaster_registry.taxonomies.operations import record_of
from klaster_registry.taxonomies.routes import add_records
from klaster_registry.taxonomies.schemas import TermRead
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("fields")


@router.get(
    "/v1/fields",
    operation_id="list_fields",
    summary="List fields",
    response_model=Page[TermRead],
    **operation(role="anonymous", scope="taxonomies:read"),
)
async def list_fields(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    today: Today,
    parameters: Annotated[FieldListParameters, Query()],
) -> Response:
    """In their order, retired ones too, marked so; filters ask for flags, and for documents in force on a day."""
    rows = await operations.list_fields(session, parameters=parameters, today=today)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda term: (term.position, term.code))
    page: dict[str, Any] = {"items": [record_of(term, language) for term in rows[: parameters.limit]], "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_fields(session, parameters=parameters, today=today)
    return conditional_json(request, page, headers=next_link(request, cursor))


add_records(router, path="/v1/fields", taxonomy="fields", one="field")
