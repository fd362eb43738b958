"""Entities over HTTP: whom they are related to, and their history."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.entities import operations
from klaster_registry.entities.relations import operations as relations
from klaster_registry.entities.relations.repository import RELATION_ORDER
from klaster_registry.entities.relations.schemas import RelatedRead, RelationListParameters
from klaster_registry.entities.routes import Reference
from klaster_registry.entities.saving import COLLECTION
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, ReadSession
from klaster_shared.history import RevisionsPage, revisions_page
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("entities")


@router.get(
    "/v1/entities/{reference}/relations",
    summary="Whom an entity is related to",
    response_model=Page[RelatedRead],
    operation_id="list_entity_relations",
    **operation(role="anonymous", scope="entities:read", problems=(404, 409)),
)
async def list_relations(
    request: Request,
    session: ReadSession,
    reference: Reference,
    parameters: Annotated[RelationListParameters, Query()],
) -> Response:
    """As sources state them, with the other side where it stands here; what cannot be is kept and flagged."""
    entity_id = await operations.resolve(session, reference=reference)
    items, rows = await relations.list_relations(session, entity_id=entity_id, parameters=parameters)
    cursor = next_cursor(
        rows, limit=parameters.limit, order=RELATION_ORDER, key=lambda row: (row.entity_id, row.position)
    )
    return page_answer(request, items, cursor=cursor, total=None)


@router.get(
    "/v1/entities/{reference}/history",
    summary="Who changed what in an entity",
    response_model=RevisionsPage,
    operation_id="list_entity_history",
    **operation(role="anonymous", scope="entities:read", problems=(404, 409)),
)
async def list_history(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    reference: Reference,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Newest first. Who it was, the office alone is told; what was merged or deleted keeps its history."""
    entity_id = await operations.original(session, reference=reference)
    items, cursor = await revisions_page(
        session,
        request.app.state.metadata.tables[TABLE],
        collection=COLLECTION,
        record_id=str(entity_id),
        role=principal.role,
        asked=parameters,
    )
    return page_answer(request, items, cursor=cursor, total=None, public=False)
