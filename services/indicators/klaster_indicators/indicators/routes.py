"""Indicators over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_indicators.framework.asked import Asked, day_known, last_day_of
from klaster_indicators.framework.dependencies import AskedEdition
from klaster_indicators.framework.operations import edition_asked, read_framework
from klaster_indicators.indicators import operations, reads, references  # noqa: F401 # makes `:indicator` known
from klaster_indicators.indicators.schemas import (
    BaselinesRead,
    IndicatorListParameters,
    IndicatorRead,
    MeasureBaseline,
    MeasureTarget,
    TargetsRead,
)
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.history import RevisionsPage, revisions_page
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_link
from klaster_shared.routing import api_router

router = api_router("indicators")

IndicatorInPath = Annotated[str, Path(alias="id", description="Id or code of an indicator", examples=["B.1.1-1"])]


@router.get(
    "/v1/indicators",
    operation_id="list_indicators",
    summary="List indicators: those of effects (level B) and the goals of programmes (level C)",
    response_model=Page[IndicatorRead],
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def list_indicators(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[IndicatorListParameters, Query()],
) -> Response:
    """In the order of the strategy. Before a strategy is adopted the list is empty.

    `as_of` asks for the edition in force on that day, `known_at` for what we had recorded at that instant.
    """
    day = day_known(parameters.known_at, today=today, zone=request.app.state.settings.zone)
    asked = Asked(parameters.edition, last_day_of(parameters.as_of, today=day), parameters.known_at)
    edition = await edition_asked(session, asked=asked)
    page: dict[str, Any] = {"items": [], "next": None, "total": 0}
    if edition is not None:
        framework = await read_framework(session, edition=edition)
        facts, page["next"] = await operations.list_indicators(session, framework=framework, parameters=parameters)
        page["items"] = [reads.indicator_read(item, framework, language) for item in facts]
        if parameters.count:
            page["total"] = await operations.count_indicators(session, framework=framework, parameters=parameters)
    if not parameters.count:
        del page["total"]
    return conditional_json(request, page, headers=next_link(request, page["next"]))


@router.get(
    "/v1/indicators/{id:indicator}",
    operation_id="get_indicator",
    summary="Read an indicator with its measures, baselines and targets",
    response_model=IndicatorRead,
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def get_indicator(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    reference: IndicatorInPath,
    asked: AskedEdition,
) -> Response:
    """By id or code. Every value stands as printed and as it is read.

    One that the edition in force has dropped is shown in the words of the last edition that had it (`retired`).
    """
    facts, framework, retired = await operations.described(session, reference=reference, asked=asked)
    return conditional_json(request, reads.indicator_read(facts, framework, language, retired=retired))


@router.get(
    "/v1/indicators/{id:indicator}/baselines",
    operation_id="list_baselines",
    summary="Where the measures of an indicator started",
    response_model=BaselinesRead,
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def list_baselines(
    request: Request,
    session: ReadSession,
    reference: IndicatorInPath,
    asked: AskedEdition,
) -> Response:
    """One baseline a measure: a number, or the status that stands in its place."""
    facts, _, _ = await operations.described(session, reference=reference, asked=asked)
    items = [
        MeasureBaseline(
            measure=measure.definition.code,
            unit=measure.definition.unit,
            baseline=reads.baseline_read(facts, measure),
        )
        for measure in facts.measures
    ]
    return conditional_json(request, BaselinesRead(items=items))


@router.get(
    "/v1/indicators/{id:indicator}/targets",
    operation_id="list_targets",
    summary="What the measures of an indicator are to reach",
    response_model=TargetsRead,
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def list_targets(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    reference: IndicatorInPath,
    asked: AskedEdition,
) -> Response:
    """Absolute or relative, each with the number that it resolves to and how; null where none is set (level B)."""
    facts, _, _ = await operations.described(session, reference=reference, asked=asked)
    items = [
        MeasureTarget(
            measure=measure.definition.code,
            unit=measure.definition.unit,
            direction=measure.definition.direction,
            target=reads.target_read(facts, measure.target, language),
            interim=reads.interim_read(facts, measure, language),
        )
        for measure in facts.measures
    ]
    return conditional_json(request, TargetsRead(items=items))


@router.get(
    "/v1/indicators/{id:indicator}/history",
    operation_id="list_indicator_history",
    summary="How the editions have stated an indicator",
    response_model=RevisionsPage,
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def list_indicator_history(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    reference: IndicatorInPath,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Newest first: every change of what an edition or a draft says of it. Who it was, the office alone is told."""
    indicator = await operations.get_indicator(session, reference=reference)
    table = request.app.state.metadata.tables[TABLE]
    items, cursor = await revisions_page(
        session, table, collection="indicators", record_id=indicator.code, role=principal.role, asked=parameters
    )
    return page_answer(request, items, cursor=cursor, total=None, public=False)
