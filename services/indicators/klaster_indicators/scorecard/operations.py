"""The scorecard: framework, values and the state of live figures, put together and judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.operations import Framework, find_edition, read_framework
from klaster_indicators.indicators.facts import IndicatorFacts, MeasureFacts
from klaster_indicators.indicators.filters import Filter
from klaster_indicators.indicators.operations import path_numbers, read_indicators
from klaster_indicators.live.operations import FigureState, figure_states
from klaster_indicators.observations.operations import latest_values, running_values
from klaster_indicators.scorecard.arithmetic import Aim, Assessment, Reading, Status, assess
from klaster_indicators.scorecard.schemas import ScorecardParameters
from klaster_shared import dates
from klaster_shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Score:
    """One measure with its values and what can be said of it."""

    indicator: IndicatorFacts
    measure: MeasureFacts
    latest: Any | None
    running: Any | None
    assessment: Assessment
    live: FigureState | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The measures asked for, on one day."""

    as_of: date
    framework: Framework | None
    scores: Sequence[Score]
    is_today: bool = True

    def counts(self) -> dict[Status, int]:
        """How many measures are in each status."""
        found = Counter(score.assessment.status for score in self.scores)
        return {status: found[status] for status in get_args(Status)}


async def read_scorecard(
    session: AsyncSession, *, parameters: ScorecardParameters, today: date, now: datetime
) -> Scorecard:
    """Every measure that the parameters ask for, judged on their day: one query per table, whatever their number.

    How its sources are is about now alone: a day that is over answers as it did. Raises EditionNotFound, or Invalid for
    a day that has not come.
    """
    as_of = last_day_of(parameters.as_of, today=today)
    edition = await find_edition(session, code=parameters.edition)
    if edition is None:
        return Scorecard(as_of, None, ())
    framework = await read_framework(session, edition=edition)
    facts = await read_indicators(session, framework=framework, wanted=_filter(parameters, framework))
    latest = await latest_values(session, edition=edition, as_of=as_of)
    running = await running_values(session, as_of=as_of) if as_of == today else {}
    states = await figure_states(session, now=now) if as_of == today else {}
    scores = [
        _score(indicator, measure, latest=latest, running=running, states=states, as_of=as_of)
        for indicator in facts
        for measure in indicator.measures
        if not parameters.sig or measure.definition.sig in parameters.sig
    ]
    return Scorecard(as_of, framework, [score for score in scores if _wanted(score, parameters)], as_of == today)


def last_day_of(partial: str | None, *, today: date) -> date:
    """The day that a partial date means: its last, or today while it lasts; raises Invalid where it is to come."""
    if partial is None:
        return today
    if dates.earliest(partial) > today:
        raise Invalid.field("query/as_of", "future", "Nothing is true yet on a day that has not come")
    return min(dates.latest(partial), today)


def _filter(parameters: ScorecardParameters, framework: Framework) -> Filter:
    return Filter(
        levels=tuple(parameters.level),
        paths=path_numbers(parameters.path, framework),
        programmes=tuple(parameters.programme),
        sigs=tuple(parameters.sig),
    )


def _wanted(score: Score, parameters: ScorecardParameters) -> bool:
    return not parameters.status or score.assessment.status in parameters.status


def _score(
    indicator: IndicatorFacts,
    measure: MeasureFacts,
    *,
    latest: Mapping[UUID, Any],
    running: Mapping[tuple[UUID, str], Any],
    states: Mapping[str, FigureState],
    as_of: date,
) -> Score:
    definition = measure.definition
    value = latest.get(definition.measure_id)
    return Score(
        indicator=indicator,
        measure=measure,
        latest=value,
        running=running.get((definition.measure_id, definition.period)),
        assessment=_assessment(measure, value, as_of),
        live=states.get(definition.live) if definition.live else None,
    )


def _assessment(measure: MeasureFacts, latest: Any | None, as_of: date) -> Assessment:
    definition, target = measure.definition, measure.target
    return assess(
        period=definition.period,
        unit=definition.unit,
        direction=definition.direction,
        assessed=definition.assessed,
        baseline=_baseline(measure),
        target=Aim(target.resolves_to, target.of_day) if target is not None else None,
        latest=_latest(latest),
        as_of=as_of,
    )


def _baseline(measure: MeasureFacts) -> Reading | None:
    row = measure.baseline
    value = number_of_baseline(row.value, row.status)
    return None if value is None else Reading(value, row.of_day, row.period, measure.definition.unit)


def _latest(row: Any | None) -> Reading | None:
    if row is None:
        return None
    value = number_of_baseline(row.value, row.status)
    return None if value is None else Reading(value, row.ends_on, row.period, row.unit)
