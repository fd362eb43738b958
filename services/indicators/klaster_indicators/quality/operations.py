"""The report on the framework: what its document shows, and what was never measured or is stale."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework.asked import Asked, last_day_of
from klaster_indicators.framework.operations import Framework, edition_asked, edition_with_document, read_framework
from klaster_indicators.indicators.facts import IndicatorFacts
from klaster_indicators.indicators.operations import path_numbers, read_indicators
from klaster_indicators.live.operations import FigureState, figure_states
from klaster_indicators.quality.document import findings_of
from klaster_indicators.quality.findings import Finding, PlacedItem, items_of
from klaster_indicators.quality.schemas import QualityParameters
from klaster_indicators.scorecard.operations import latest_of
from klaster_indicators.strategy.operations import document_of


@dataclass(frozen=True, slots=True)
class Report:
    """The findings asked for, on one day."""

    as_of: date
    framework: Framework | None
    findings: Sequence[Finding]


async def read_report(session: AsyncSession, *, parameters: QualityParameters, today: date, now: datetime) -> Report:
    """What is wrong with an edition, gravest kinds first, then in its order.

    today  the day it is now, or was when what is asked for was known
    How its sources are is about that day alone. Raises EditionNotFound, or Invalid for a day that has not come.
    """
    as_of = last_day_of(parameters.as_of, today=today)
    known_at = parameters.known_at
    edition = await edition_asked(session, asked=Asked(parameters.edition, as_of, known_at))
    if edition is None:
        return Report(as_of, None, ())
    framework = await read_framework(session, edition=edition)
    document = framework.document or document_of(await edition_with_document(session, code=edition.code))
    facts = await read_indicators(session, framework=framework)
    latest = await latest_of(session, framework=framework, facts=facts, as_of=as_of, known_at=known_at)
    states = await figure_states(session, now=now, known_at=known_at) if as_of == today else {}
    found = [*findings_of(document), *_measured(document, facts, latest=latest, states=states)]
    paths = path_numbers(parameters.path, framework)
    wanted = [finding for finding in found if _wanted(finding, parameters, paths)]
    return Report(as_of, framework, sorted(wanted, key=lambda finding: _WEIGHTS[finding.weight]))


_WEIGHTS = {"high": 0, "medium": 1, "low": 2}


def _wanted(finding: Finding, parameters: QualityParameters, paths: Sequence[int] | None) -> bool:
    return (
        (not parameters.kind or finding.kind in parameters.kind)
        and (not parameters.severity or finding.weight in parameters.severity)
        and (not parameters.level or finding.level in parameters.level)
        and (paths is None or finding.path in paths)
    )


def _measured(
    document: StrategyDocument,
    facts: Sequence[IndicatorFacts],
    *,
    latest: Mapping[UUID, Any],
    states: Mapping[str, FigureState],
) -> Iterator[Finding]:
    placed = {item.item.code: item for item in items_of(document)}
    for indicator in facts:
        item = placed[indicator.definition.code]
        for measure in indicator.measures:
            yield from _of_measure(item, measure.definition, latest=latest, states=states)


def _of_measure(
    item: PlacedItem, definition: Any, *, latest: Mapping[UUID, Any], states: Mapping[str, FigureState]
) -> Iterator[Finding]:
    where = (*item.where, "measures", definition.position)
    if definition.measure_id not in latest:
        yield item.finding("never_measured", where, measure=definition.code, note=definition.note)
    state = states.get(definition.live) if definition.live else None
    if state is not None and state.stale is not None:
        said = {"figure": definition.live, "problem": state.stale.problem}
        yield item.finding("stale_figure", where, measure=definition.code, said=said)
