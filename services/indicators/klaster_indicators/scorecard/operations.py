"""The scorecard: framework, values and the state of live figures, put together and judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.asked import Asked, last_day_of
from klaster_indicators.framework.operations import Framework, edition_asked, read_framework
from klaster_indicators.indicators.facts import IndicatorFacts, MeasureFacts
from klaster_indicators.indicators.filters import Filter
from klaster_indicators.indicators.operations import path_numbers, read_indicators
from klaster_indicators.live.operations import FigureState, figure_states
from klaster_indicators.observations.operations import latest_of_measures, latest_values, running_values
from klaster_indicators.scorecard.arithmetic import Aim, Assessment, Reading, Status, assess
from klaster_indicators.scorecard.schemas import ScorecardParameters
from klaster_indicators.scorecard.way import Point


@dataclass(frozen=True, slots=True)
class Score:
    """One measure with its values and what can be said of it."""

    indicator: IndicatorFacts
    measure: MeasureFacts
    target: Any | None
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

    today  the day it is now, or was when what is asked for was known
    How its sources are is about that day alone: a day that was over then answers as it did. Raises EditionNotFound, or
    Invalid for a day that has not come.
    """
    known_at = parameters.known_at
    as_of = last_day_of(parameters.as_of, today=today)
    edition = await edition_asked(session, asked=Asked(parameters.edition, as_of, known_at))
    is_today = as_of == today
    if edition is None:
        return Scorecard(as_of, None, (), is_today)
    framework = await read_framework(session, edition=edition)
    facts = await read_indicators(session, framework=framework, wanted=_filter(parameters, framework))
    latest = await latest_of(session, framework=framework, facts=facts, as_of=as_of, known_at=known_at)
    running = await running_values(session, as_of=as_of, known_at=known_at) if is_today else {}
    states = await figure_states(session, now=now, known_at=known_at) if is_today else {}
    scores = [
        _score(indicator, measure, latest=latest, running=running, states=states, as_of=as_of)
        for indicator in facts
        for measure in indicator.measures
        if not parameters.sig or measure.definition.sig in parameters.sig
    ]
    return Scorecard(as_of, framework, [score for score in scores if _wanted(score, parameters)], is_today)


async def latest_of(
    session: AsyncSession,
    *,
    framework: Framework,
    facts: Sequence[IndicatorFacts],
    as_of: date,
    known_at: datetime | None,
) -> Mapping[UUID, Any]:
    """The newest verified value of each measure up to a day, by its id; as it stands, or stood at an instant."""
    if framework.document is None:
        return await latest_values(session, edition=framework.edition, as_of=as_of, known_at=known_at)
    measures = [measure.definition for indicator in facts for measure in indicator.measures]
    periods = {measure.measure_id: measure.period for measure in measures}
    return await latest_of_measures(session, periods=periods, as_of=as_of, known_at=known_at)


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
        target=measure.target_on(as_of),
        latest=value,
        running=running.get((definition.measure_id, definition.period)),
        assessment=_assessment(measure, value, as_of),
        live=states.get(definition.live) if definition.live else None,
    )


def _assessment(measure: MeasureFacts, latest: Any | None, as_of: date) -> Assessment:
    definition = measure.definition
    return assess(
        period=definition.period,
        unit=definition.unit,
        direction=definition.direction,
        assessed=definition.assessed,
        baseline=_baseline(measure),
        target=_aim(measure, as_of),
        latest=_latest(latest),
        as_of=as_of,
    )


def _aim(measure: MeasureFacts, as_of: date) -> Aim | None:
    row = measure.target_on(as_of)
    if row is None:
        return None
    before = tuple(Point(one.of_day, one.resolves_to) for one in measure.interim if one.year < row.year)
    return Aim(row.resolves_to, row.of_day, row.bound, before)


def _baseline(measure: MeasureFacts) -> Reading | None:
    row = measure.baseline
    value = number_of_baseline(row.value, row.status)
    return None if value is None else Reading(value, row.of_day, row.period, measure.definition.unit)


def _latest(row: Any | None) -> Reading | None:
    if row is None:
        return None
    value = number_of_baseline(row.value, row.status)
    return None if value is None else Reading(value, row.ends_on, row.period, row.unit)
