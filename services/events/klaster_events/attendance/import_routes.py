"""Signed sheets as files over HTTP."""

from collections import Counter
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.attendance.columns import Columns
from klaster_events.attendance.importing import Judged, import_sheet
from klaster_events.attendance.organising import organised_event
from klaster_events.attendance.schemas import SheetImportParameters, SheetImportRead, Told
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Now, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router
from klaster_shared.tables import CSV, XLSX, media_of, read_table

router = api_router("attendance")


def _documented() -> dict[str, Any]:
    declared = operation(role="partner", scope="attendance:write", problems=(400, 404, 409, 413, 415, 503))
    content = {
        CSV: {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared


@router.post(
    "/v1/events/{event_id:uuid}/attendance/import",
    operation_id="import_attendance",
    summary="Bring in a signed sheet: CSV or spreadsheet",
    response_model=SheetImportRead,
    **_documented(),
)
async def import_attendance(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    event_id: UUID,
    parameters: Annotated[SheetImportParameters, Query()],
) -> Response:
    """Columns code, or name (or first and last name) and email; present or signature, where an empty cell means that
    the person did not come; hours or minutes. In Polish or English; comma or semicolon, UTF-8 or Windows-1250.

    A verdict for each row: a wrong one keeps no other from being written. Sent again it changes nothing, and takes
    back nothing that was scanned.
    """
    await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    media = media_of(request.headers.get("content-type"))
    columns = Columns()
    table = await read_table(await request.body(), media, reader=request.app.state.sheets, layout=columns.layout)
    rows = [columns.row_of(place) for place in table]
    present, judged = await import_sheet(session, event_id=event_id, rows=rows, dry_run=parameters.dry_run, now=now)
    counts = Counter(one.told or "rejected" for one in judged)
    answer = {
        "event_id": event_id,
        "dry_run": parameters.dry_run,
        "counts": {verdict: counts[verdict] for verdict in (*get_args(Told), "rejected")},
        "present": present,
        "items": [_line(one) for one in judged],
    }
    return conditional_json(request, answer, public=False)


def _line(one: Judged) -> dict[str, Any]:
    return {
        "sheet": one.row.place.sheet,
        "row": one.row.place.number,
        "verdict": one.told or "rejected",
        "registration_id": one.registration_id,
        "errors": one.row.errors,
    }
