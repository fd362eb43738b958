"""Entities over HTTP: the records."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic_core import from_json, to_json

from klaster_registry.entities import operations
from klaster_registry.entities.documents import on_day
from klaster_registry.entities.filters import EntityListParameters
from klaster_registry.entities.saving import COLLECTION, Saved
from klaster_registry.entities.schemas import EntityCreate, EntityRead, EntityUpdate
from klaster_shared.access import operation
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, Today, WriteSession, database_of
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.history import KnownAt, known_record
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.records import AsOf
from klaster_shared.routing import api_router

router = api_router("entities")
Reference = Annotated[
    str,
    Path(
        max_length=140,
        description="Its id, its RBW number, or `scheme:value` of an identifier",
        examples=["nip:6762464304", "RBW-000073"],
    ),
]


def answer(request: Request, saved: Saved, *, status: int = 200) -> Response:
    """A record as the answer: the document goes out as it was written."""
    location = {"Location": f"/v1/entities/{saved.id}"} if status == 201 else None
    return conditional_json(request, saved.document, etag=record_etag(saved.version), headers=location, status=status)


def _page(rows: Sequence[Any], limit: int, cursor: str | None, total: int | None) -> bytes:
    # Documents are JSON already: joined, not parsed and written again.
    items = b",".join(row[0].encode() for row in rows[:limit])
    counted = b"" if total is None else b',"total":%d' % total
    return b'{"items":[%s],"next":%s%s}' % (items, to_json(cursor), counted)


@router.get(
    "/v1/entities",
    summary="List entities",
    response_model=Page[EntityRead],
    operation_id="list_entities",
    **operation(role="anonymous", scope="entities:read"),
)
async def list_entities(
    request: Request, today: Today, parameters: Annotated[EntityListParameters, Query()]
) -> Response:
    """Entities in order, page by page. `as_of` moves every state and period asked for to that day.

    The records are today's; their periods say what held when.
    """
    database = database_of(request)
    rows, order = await operations.list_documents(database, parameters=parameters, today=today)
    cursor = next_cursor(rows, limit=parameters.limit, order=order, key=lambda row: row[1:])
    total = await operations.count_listed(database, parameters=parameters, today=today) if parameters.count else None
    body = _page(rows, parameters.limit, cursor, total)
    return conditional_json(request, body, headers=next_link(request, cursor))


@router.post(
    "/v1/entities",
    summary="Add an entity",
    status_code=201,
    response_model=EntityRead,
    operation_id="create_entity",
    **operation(role="office", scope="entities:write", problems=(409,)),
)
async def create_entity(request: Request, session: WriteSession, now: Now, given: EntityCreate) -> Response:
    """Add an organisation to the knowledge base. It is in no register yet: `apply` and `register` follow.

    A wrong identifier is refused where the office writes it, and kept and marked where it comes from another source.
    """
    return answer(request, await operations.create_entity(session, given=given, now=now), status=201)


@router.get(
    "/v1/entities/{reference}",
    summary="Read an entity",
    response_model=EntityRead,
    operation_id="get_entity",
    **operation(role="anonymous", scope="entities:read", problems=(308, 404, 409)),
)
async def get_entity(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    reference: Reference,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """One organisation. An identifier that two claim answers 409 and names both; one merged into another, 308.

    `as_of` cuts what holds for a time down to what held on that day; `known_at` is the record as we had it then.
    """
    if known_at is not None:
        entity_id = await operations.original(session, reference=reference)
        table = request.app.state.metadata.tables[TABLE]
        known = await known_record(
            session, table, collection=COLLECTION, record_id=str(entity_id), at=known_at, role=principal.role
        )
        return conditional_json(request, known if as_of is None else on_day(known, as_of))
    saved = await operations.read_entity(session, reference=reference)
    if as_of is not None:
        return conditional_json(request, on_day(from_json(saved.document), as_of))
    return answer(request, saved)


@router.patch(
    "/v1/entities/{reference}",
    summary="Change an entity",
    response_model=EntityRead,
    operation_id="update_entity",
    **operation(role="office", scope="entities:write", problems=(404, 409, 412, 428)),
)
async def update_entity(
    request: Request, session: WriteSession, now: Now, today: Today, reference: Reference, given: EntityUpdate
) -> Response:
    """Merge the change into the record (JSON Merge Patch): lists are replaced as a whole."""
    claims: Any = given.identifiers if "identifiers" in given.model_fields_set else None
    entity = await operations.hold_entity(session, reference=reference, claims=claims)
    require_match(request, entity.version)
    saved = await operations.change_entity(session, entity=entity, given=given, now=now, today=today)
    return answer(request, saved)


@router.delete(
    "/v1/entities/{reference}",
    summary="Delete an entity",
    status_code=204,
    operation_id="delete_entity",
    **operation(role="office", scope="entities:write", problems=(404, 409, 412, 428)),
)
async def delete_entity(request: Request, session: WriteSession, now: Now, reference: Reference) -> Response:
    """Remove a record. The feed keeps a tombstone, and its RBW number is never given again."""
    entity = await operations.hold_entity(session, reference=reference, claims=())
    require_match(request, entity.version)
    await operations.delete_entity(session, entity=entity, now=now)
    return Response(status_code=204)
