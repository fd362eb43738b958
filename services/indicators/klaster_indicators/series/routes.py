"""Time lines over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_indicators.framework.asked import day_known
from klaster_indicators.indicators.routes import IndicatorInPath
from klaster_indicators.series.operations import read_series
from klaster_indicators.series.reads import series_read
from klaster_indicators.series.schemas import MeasureSeriesRead, SeriesParameters
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("indicators")


@router.get(
    "/v1/indicators/{id:indicator}/series",
    operation_id="get_indicator_series",
    summary="A measure in time: baseline, the line to its target, what was measured",
    response_model=MeasureSeriesRead,
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def get_indicator_series(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    reference: IndicatorInPath,
    parameters: Annotated[SeriesParameters, Query()],
) -> Response:
    """Verified values alone, the oldest first. `method` names how the line is drawn; null where none can be drawn."""
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    series = await read_series(session, reference=reference, parameters=parameters, today=day)
    return conditional_json(request, series_read(series, language))
