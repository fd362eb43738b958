"""The report over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from klaster_indicators.documents import answers_with
from klaster_indicators.framework.asked import day_known
from klaster_indicators.languages import spoken
from klaster_indicators.report.operations import read_report
from klaster_indicators.report.page import page_of
from klaster_indicators.report.schemas import ReportParameters
from klaster_indicators.scorecard.schemas import ScorecardParameters
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today
from klaster_shared.etags import VARY, content_etag, is_unchanged
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("strategy")

# One document: nothing is loaded from anywhere, nothing runs.
_HEADERS = {
    "Cache-Control": "public, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Vary": VARY,
}


@router.get(
    "/v1/strategy/report.html",
    operation_id="get_strategy_report",
    summary="The annual report of the strategy, as one document that prints well",
    response_class=Response,
    **answers_with(
        ["text/html"],
        "The report",
        operation(role="anonymous", scope="strategy:read", problems=(404,)),
    ),
)
async def get_strategy_report(
    request: Request,
    session: ReadSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[ReportParameters, Query()],
) -> Response:
    """Path by path: every measure with baseline, target, latest value and status in words; what lacks; the sources."""
    known_at = parameters.known_at
    shown = ScorecardParameters(edition=parameters.edition, as_of=parameters.as_of, known_at=known_at)
    day = day_known(known_at, today=today, zone=request.app.state.settings.zone)
    report = await read_report(session, parameters=shown, today=day, now=now)
    page = page_of(report, spoken(language)).encode()
    headers = {**_HEADERS, "ETag": content_etag(page), "Content-Language": spoken(language)}
    if is_unchanged(request, headers["ETag"]):
        return HTMLResponse(status_code=304, headers=headers)
    return HTMLResponse(page, headers=headers)
