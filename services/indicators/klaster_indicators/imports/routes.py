"""Imports over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_indicators.imports import operations
from klaster_indicators.imports.columns import OBSERVATIONS
from klaster_indicators.imports.operations import Judged, counts_of
from klaster_indicators.imports.schemas import ImportedRow, ImportParameters, ObservationImportRead, RowError
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, Today, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router
from klaster_shared.tables import CSV, XLSX, media_of, read_table

router = api_router("observations")


def _documented() -> dict[str, Any]:
    declared = operation(role="office", scope="indicators:write", problems=(400, 404, 409, 413, 415, 503))
    content = {
        CSV: {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared


@router.post(
    "/v1/indicators/import",
    operation_id="import_observations",
    summary="Take in observations from a table: CSV or spreadsheet",
    response_model=ObservationImportRead,
    **_documented(),
)
async def import_observations(
    request: Request,
    session: WriteSession,
    now: Now,
    today: Today,
    parameters: Annotated[ImportParameters, Query()],
) -> Response:
    """Columns indicator, measure, period, year or day, value or status, approximate, printed, source, evidence, note,
    reason, named in Polish or English; comma or semicolon, decimal comma or point. What was exported is read again.

    A verdict for each row. All rows are stored or none, unless `partial` is asked for. The same value again changes
    nothing; another value for the same period restates it and needs a reason.
    """
    media = media_of(request.headers.get("content-type"))
    rows = await read_table(await request.body(), media, reader=request.app.state.sheets, layout=OBSERVATIONS)
    judged = await operations.import_observations(session, rows=rows, parameters=parameters, today=today, now=now)
    read = _read(judged, parameters)
    return conditional_json(request, read, public=False)


def _read(judged: Sequence[Judged], parameters: ImportParameters) -> ObservationImportRead:
    return ObservationImportRead(
        dry_run=parameters.dry_run,
        stored=not parameters.dry_run,
        counts=counts_of(judged),
        items=[
            ImportedRow(
                sheet=item.row.sheet,
                row=item.row.number,
                verdict=item.verdict,
                indicator=item.indicator,
                measure=item.measure,
                observation=item.observation,
                errors=[RowError(**error) for error in item.errors],
            )
            for item in judged
        ],
    )
