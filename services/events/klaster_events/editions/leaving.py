"""Withdrawing a table over HTTP, and taking it back into use. Whoever heals the plan of meetings hooks in here."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_events.editions import tables
from klaster_events.editions.models import EditionTable
from klaster_events.editions.operations import get_edition
from klaster_events.editions.records import table_record
from klaster_events.editions.table_schemas import TableRead
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.routing import api_router

router = api_router("forum")
_STEP = operation(role="office", scope="forum:write", problems=(404, 412, 428))


async def _held(request: Request, session: WriteSession, edition_id: UUID, table_id: UUID) -> EditionTable:
    await get_edition(session, edition_id=edition_id, held=True)
    table = await tables.get_table(session, edition_id=edition_id, table_id=table_id, held=True)
    require_match(request, table.version)
    return table


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/tables/{table_id:uuid}/withdraw",
    summary="Withdraw a table",
    response_model=TableRead,
    **_STEP,
)
async def withdraw_edition_table(
    request: Request, session: WriteSession, now: Now, edition_id: UUID, table_id: UUID
) -> Response:
    """Nobody is put there any more. Twice changes nothing."""
    table = await _held(request, session, edition_id, table_id)
    await tables.withdraw_table(session, table=table, now=now)
    return record_answer(request, table_record(table, online_url=True), public=False)


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/tables/{table_id:uuid}/restore",
    summary="Take a table back into use",
    response_model=TableRead,
    **_STEP,
)
async def restore_edition_table(
    request: Request, session: WriteSession, now: Now, edition_id: UUID, table_id: UUID
) -> Response:
    """It can be used again, for what is planned from now on. Twice changes nothing."""
    table = await _held(request, session, edition_id, table_id)
    await tables.restore_table(session, table=table, now=now)
    return record_answer(request, table_record(table, online_url=True), public=False)
