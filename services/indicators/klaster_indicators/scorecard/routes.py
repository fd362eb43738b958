"""The scorecard over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_indicators.framework.asked import day_known
from klaster_indicators.scorecard.operations import read_scorecard
from klaster_indicators.scorecard.reads import scorecard_read
from klaster_indicators.scorecard.schemas import ScorecardParameters, ScorecardRead
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("scorecard")


@router.get(
    "/v1/scorecard",
    operation_id="get_scorecard",
    summary="Every measure of the strategy: baseline, target, latest value, progress, status",
    response_model=ScorecardRead,
    **operation(role="anonymous", scope="scorecard:read", problems=(404,)),
)
async def get_scorecard(
    request: Request,
    session: ReadSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[ScorecardParameters, Query()],
) -> Response:
    """As of today, or of any day before: what was true at its end, by what is recorded now.

    With `known_at` by what we had recorded at that instant: observations, restatements and the edition as they were.

    Unlike things are never averaged: statuses are counted, and `coverage` says how much rests on data.
    """
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    scorecard = await read_scorecard(session, parameters=parameters, today=day, now=now)
    return conditional_json(request, scorecard_read(scorecard, language))
