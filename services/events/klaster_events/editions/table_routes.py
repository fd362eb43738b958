"""Tables of an edition over HTTP. Withdrawing one stands in `leaving`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.editions import tables
from klaster_events.editions.operations import get_edition
from klaster_events.editions.records import table_record
from klaster_events.editions.repository import TABLE_ORDER
from klaster_events.editions.table_schemas import TableListParameters, TableRead, TablesCreate, TablesRead, TableUpdate
from klaster_events.events.looking import Looking, shown_to
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("forum")


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/tables",
    summary="List the tables of an edition",
    response_model=Page[TableRead],
    **operation(role="anonymous", scope="forum:read", problems=(404,)),
)
async def list_edition_tables(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    edition_id: UUID,
    parameters: Annotated[TableListParameters, Query()],
) -> Response:
    """By code. Links to meet online are shown to the office alone."""
    await get_edition(session, edition_id=edition_id, viewer=viewer)
    rows = await tables.list_tables(session, edition_id=edition_id, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=TABLE_ORDER, key=lambda row: (row.code,))
    total = None
    if parameters.count:
        total = await tables.count_tables(session, edition_id=edition_id, parameters=parameters)
    items = [table_record(row, online_url=viewer.office) for row in rows[: parameters.limit]]
    return shown_to(viewer, page_answer(request, items, cursor=cursor, total=total))


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/tables",
    summary="Add tables to an edition",
    status_code=201,
    response_model=TablesRead,
    **operation(role="office", scope="forum:write", problems=(404, 409)),
)
async def add_edition_tables(
    request: Request, given: TablesCreate, session: WriteSession, now: Now, edition_id: UUID
) -> Response:
    """Up to 500 tables and places online; all of them, or none."""
    found = await get_edition(session, edition_id=edition_id, held=True)
    added = await tables.add_tables(session, found=found, given=given.tables, now=now)
    items = [table_record(table, online_url=True) for table in added]
    return conditional_json(request, {"items": items}, status=201, public=False)


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/tables/{table_id:uuid}",
    summary="Read a table of an edition",
    response_model=TableRead,
    **operation(role="anonymous", scope="forum:read", problems=(404,)),
)
async def get_edition_table(
    request: Request, session: ReadSession, viewer: Looking, edition_id: UUID, table_id: UUID
) -> Response:
    """One table; its link to meet online is shown to the office alone."""
    await get_edition(session, edition_id=edition_id, viewer=viewer)
    table = await tables.get_table(session, edition_id=edition_id, table_id=table_id)
    return shown_to(viewer, record_answer(request, table_record(table, online_url=viewer.office)))


@router.patch(
    "/v1/lsos/editions/{edition_id:uuid}/tables/{table_id:uuid}",
    summary="Change a table of an edition",
    response_model=TableRead,
    **operation(role="office", scope="forum:write", problems=(404, 409, 412, 428)),
)
async def update_edition_table(
    request: Request, given: TableUpdate, session: WriteSession, now: Now, edition_id: UUID, table_id: UUID
) -> Response:
    """Merge the change into the table (JSON Merge Patch)."""
    _edition, event = await get_edition(session, edition_id=edition_id, held=True)
    table = await tables.get_table(session, edition_id=edition_id, table_id=table_id, held=True)
    require_match(request, table.version)
    table = await tables.change_table(session, event=event, table=table, given=given, now=now)
    return record_answer(request, table_record(table, online_url=True), public=False)
