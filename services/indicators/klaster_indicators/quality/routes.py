"""The report on the framework's quality over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_indicators.framework.asked import day_known
from klaster_indicators.quality.operations import read_report
from klaster_indicators.quality.reads import report_read
from klaster_indicators.quality.schemas import QualityParameters, QualityRead
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("quality")


@router.get(
    "/v1/quality",
    operation_id="get_quality",
    summary="What is wrong with the framework itself",
    response_model=QualityRead,
    **operation(role="anonymous", scope="quality:read", problems=(404,)),
)
async def get_quality(
    request: Request,
    session: ReadSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[QualityParameters, Query()],
) -> Response:
    """Missing baselines, targets and sources, contradictions, slips, readings, what was never measured or is stale.

    The gravest first, each with its place in the strategy. A finding blames nobody: it says what the next edition can
    mend.
    """
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    report = await read_report(session, parameters=parameters, today=day, now=now)
    return conditional_json(request, report_read(report, language))
