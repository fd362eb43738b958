"""Charts over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_indicators.charts.gallery import Gallery
from klaster_indicators.charts.pictures import picture_of
from klaster_indicators.charts.schemas import ChartParameters, SparklineParameters
from klaster_indicators.charts.sparkline import sparkline
from klaster_indicators.documents import answers_with
from klaster_indicators.framework.asked import day_known
from klaster_indicators.indicators.routes import IndicatorInPath
from klaster_indicators.languages import spoken
from klaster_indicators.series.operations import read_series
from klaster_indicators.units.operations import unit_names
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession, Today
from klaster_shared.etags import VARY, content_etag, is_unchanged
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("indicators")


class SvgResponse(Response):
    """A picture."""

    media_type = "image/svg+xml"


# A picture opened by itself is a document: it loads nothing and runs nothing.
_HEADERS = {
    "Cache-Control": "public, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Vary": VARY,
}


@router.get(
    "/v1/indicators/{id:indicator}/chart.svg",
    operation_id="get_indicator_chart",
    summary="A measure in time, as a picture",
    response_class=Response,
    **answers_with(
        ["image/svg+xml"],
        "The chart",
        operation(role="anonymous", scope="indicators:read", problems=(404, 503)),
    ),
)
async def get_indicator_chart(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    reference: IndicatorInPath,
    parameters: Annotated[ChartParameters, Query()],
) -> Response:
    """Baseline, the dashed way to the target, observations; readable in black and white, with a title and description.

    Of what has no number yet the chart says so.
    """
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    series = await read_series(session, reference=reference, parameters=parameters, today=day)
    units = await unit_names(session)
    picture = picture_of(
        series, units=units, language=spoken(language), width=parameters.width, height=parameters.height
    )
    headers = {**_HEADERS, "ETag": content_etag(picture.to_json())}
    if is_unchanged(request, headers["ETag"]):
        return SvgResponse(status_code=304, headers=headers)
    gallery: Gallery = request.app.state.gallery
    return SvgResponse(await gallery.chart(picture), headers=headers)


@router.get(
    "/v1/indicators/{id:indicator}/sparkline.svg",
    operation_id="get_indicator_sparkline",
    summary="A measure in time, as a picture of a word's size",
    response_class=Response,
    **answers_with(
        ["image/svg+xml"],
        "The sparkline",
        operation(role="anonymous", scope="indicators:read", problems=(404,)),
    ),
)
async def get_indicator_sparkline(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    reference: IndicatorInPath,
    parameters: Annotated[SparklineParameters, Query()],
) -> Response:
    """For lists: values as a line, the last one as a dot, the way to the target dashed, the target as a diamond."""
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    series = await read_series(session, reference=reference, parameters=parameters, today=day)
    units = await unit_names(session)
    drawn = sparkline(
        picture_of(series, units=units, language=spoken(language), width=parameters.width, height=parameters.height)
    ).encode()
    headers = {**_HEADERS, "ETag": content_etag(drawn)}
    if is_unchanged(request, headers["ETag"]):
        return SvgResponse(status_code=304, headers=headers)
    return SvgResponse(drawn, headers=headers)
