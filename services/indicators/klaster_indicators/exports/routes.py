"""Exports over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from klaster_indicators.exports.delimited import as_csv, as_sdmx_csv
from klaster_indicators.exports.iati import Publisher, as_iati
from klaster_indicators.exports.operations import histories, read_exported
from klaster_indicators.exports.schemas import MEDIA_TYPES, ExportParameters, Format, format_of
from klaster_indicators.exports.spreadsheet import workbook_of
from klaster_indicators.framework.asked import day_known
from klaster_indicators.languages import spoken
from klaster_indicators.scorecard.operations import read_scorecard
from klaster_indicators.scorecard.schemas import ScorecardParameters
from klaster_shared.access import operation
from klaster_shared.children.child import Child
from klaster_shared.database import Database
from klaster_shared.dependencies import Now, ReadSession, Today, database_of
from klaster_shared.etags import VARY
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.routing import api_router

router = api_router("indicators")
_ENDINGS: dict[Format, str] = {"csv": "csv", "xlsx": "xlsx", "sdmx-csv": "sdmx.csv", "iati": "xml"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is streamed once the request is over."""

    parameters: ExportParameters
    day: date
    chosen: Format
    language: Language
    publisher: Publisher
    now: datetime


def _documented() -> dict[str, Any]:
    declared = operation(role="anonymous", scope="indicators:read", problems=(404, 503))
    text, file = {"type": "string"}, {"type": "string", "format": "binary"}
    content = {media.split(";")[0]: {"schema": file if name == "xlsx" else text} for name, media in MEDIA_TYPES.items()}
    declared["responses"] |= {
        200: {"description": "The observations with their baselines and targets", "content": content}
    }
    return declared


@router.get(
    "/v1/indicators/export",
    operation_id="export_indicators",
    summary="All observations with baselines and targets: CSV, spreadsheet, SDMX-CSV 2.0, IATI 2.03 results",
    response_class=Response,
    **_documented(),
)
async def export_indicators(
    request: Request,
    session: ReadSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[ExportParameters, Query()],
    accept: Annotated[
        str | None, Header(max_length=1000, description="The format, where `format` does not say it")
    ] = None,
) -> Response:
    """Verified values, in the order of the edition; a measure without any stands there with its baseline and target.

    CSV, SDMX-CSV and IATI are streamed; a spreadsheet of more than 20,000 rows is refused.
    """
    chosen = format_of(parameters, accept)
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    exported = await read_exported(session, parameters=parameters, today=day)
    name = f"indicators-{exported.framework.edition.code}.{_ENDINGS[chosen]}"
    headers = {
        "Cache-Control": "public, no-cache",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Type": MEDIA_TYPES[chosen],
        "Vary": f"Accept, {VARY}",
    }
    if chosen != "xlsx":
        publisher = Publisher(request.app.state.settings.publisher_ref, request.app.state.settings.publisher_name)
        parts = _parts(database_of(request), _Asked(parameters, day, chosen, language, publisher, now))
        return StreamingResponse(parts, headers=headers)
    shown = ScorecardParameters.model_validate(parameters.model_dump(exclude={"format"}))
    scorecard = await read_scorecard(session, parameters=shown, today=day, now=now)
    measures = histories(session, exported=exported)
    told = await workbook_of(exported, measures, scorecard, language=spoken(language), now=now)
    writer: Child = request.app.state.workbooks
    return Response(await writer.ask(told), headers=headers)


async def _parts(database: Database, asked: _Asked) -> AsyncIterator[bytes]:
    """In a transaction of its own: that of the request is over when the body begins to flow."""
    async with database.read() as session:
        exported = await read_exported(session, parameters=asked.parameters, today=asked.day)
        measures = histories(session, exported=exported)
        if asked.chosen == "csv":
            parts = as_csv(exported, measures, spoken(asked.language))
        elif asked.chosen == "sdmx-csv":
            parts = as_sdmx_csv(exported, measures)
        else:
            parts = as_iati(exported, measures, publisher=asked.publisher, now=asked.now)
        async for part in parts:
            yield part
