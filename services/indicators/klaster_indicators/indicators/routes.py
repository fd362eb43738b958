"""Indicators over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework.operations import Framework, find_edition, read_framework
from klaster_indicators.indicators import operations, reads, references  # noqa: F401 # makes `:indicator` known
from klaster_indicators.indicators.errors import IndicatorNotFound
from klaster_indicators.indicators.facts import IndicatorFacts, Retired
from klaster_indicators.indicators.schemas import (
    BaselinesRead,
    IndicatorListParameters,
    IndicatorRead,
    MeasureBaseline,
    MeasureTarget,
    TargetsRead,
)
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_link
from klaster_shared.routing import api_router

router = api_router("indicators")

IndicatorInPath = Annotated[str, Path(alias="id", description="Id or code of an indicator", examples=["B.1.1-1"])]
EditionInQuery = Annotated[
    str | None, Query(max_length=60, description="Code of an edition; the one in force by default")
]


async def _described(
    session: AsyncSession, reference: str, edition_code: str | None
) -> tuple[IndicatorFacts, Framework, Retired | None]:
    edition = await find_edition(session, code=edition_code)
    if edition is None:
        raise IndicatorNotFound("No strategy has been adopted yet")
    framework = await read_framework(session, edition=edition)
    facts = await operations.find_facts(session, framework=framework, reference=reference)
    if facts is not None:
        return facts, framework, None
    if edition_code is not None:
        raise IndicatorNotFound(f"The edition {edition_code} has no indicator {reference}")
    return await operations.retired_indicator(session, reference=reference)


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
    language: ChosenLanguage,
    parameters: Annotated[IndicatorListParameters, Query()],
) -> Response:
    """In the order of the strategy. Before a strategy is adopted the list is empty."""
    edition = await find_edition(session, code=parameters.edition)
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
    edition: EditionInQuery = None,
) -> Response:
    """By id or code. Every value stands as printed and as it is read.

    One that the edition in force has dropped is shown in the words of the last edition that had it (`retired`).
    """
    facts, framework, retired = await _described(session, reference, edition)
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
    edition: EditionInQuery = None,
) -> Response:
    """One baseline a measure: a number, or the status that stands in its place."""
    facts, _, _ = await _described(session, reference, edition)
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
    reference: IndicatorInPath,
    edition: EditionInQuery = None,
) -> Response:
    """Absolute or relative, each with the number that it resolves to; null where none is set (level B)."""
    facts, _, _ = await _described(session, reference, edition)
    items = [
        MeasureTarget(
            measure=measure.definition.code,
            unit=measure.definition.unit,
            direction=measure.definition.direction,
            target=reads.target_read(facts, measure),
        )
        for measure in facts.measures
    ]
    return conditional_json(request, TargetsRead(items=items))
