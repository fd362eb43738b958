"""Reading the time line of a measure: what an edition asks of it, and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.asked import Asked
from klaster_indicators.framework.operations import Framework, edition_asked, read_framework
from klaster_indicators.indicators.errors import IndicatorNotFound
from klaster_indicators.indicators.facts import IndicatorFacts, MeasureFacts
from klaster_indicators.indicators.operations import describe_indicator, measure_of
from klaster_indicators.observations.operations import verified_history
from klaster_indicators.scorecard.arithmetic import Aim, Reading, Reason
from klaster_indicators.scorecard.way import Point
from klaster_indicators.series.line import StraightLine, line_between
from klaster_indicators.series.schemas import SeriesParameters
from klaster_shared import dates
from klaster_shared.errors import Invalid

MOST = 2000  # values of one line: five years of daily counts; a picture of more shows nothing more


@dataclass(frozen=True, slots=True)
class Series:
    """A measure in time."""

    framework: Framework
    indicator: IndicatorFacts
    measure: MeasureFacts
    line: StraightLine | Reason
    observations: Sequence[Any]
    since: date | None
    until: date | None
    earlier: bool


async def read_series(session: AsyncSession, *, reference: str, parameters: SeriesParameters, today: date) -> Series:
    """The time line of one measure, its verified values from the oldest on.

    today  the day it is now, or was when what is asked for was known
    Raises EditionNotFound, IndicatorNotFound, MeasureNotFound, or Invalid for days that are not in order.
    """
    since, until = days_of(parameters)
    edition = await edition_asked(session, asked=Asked(parameters.edition, today, parameters.known_at))
    if edition is None:
        raise IndicatorNotFound("No strategy has been adopted yet")
    framework = await read_framework(session, edition=edition)
    indicator = await describe_indicator(session, framework=framework, reference=reference)
    wanted = measure_of(indicator, parameters.measure)
    measure = next(facts for facts in indicator.measures if facts.definition is wanted)
    rows = await verified_history(
        session,
        measure_ids=[wanted.measure_id],
        since=since,
        until=until,
        limit=MOST + 1,
        known_at=parameters.known_at,
    )
    return Series(
        framework=framework,
        indicator=indicator,
        measure=measure,
        line=line_of(measure),
        observations=rows[-MOST:],
        since=since,
        until=until,
        earlier=len(rows) > MOST,
    )


def days_of(parameters: SeriesParameters) -> tuple[date | None, date | None]:
    """The first and the last day asked for; raises Invalid where they are not in order."""
    since = dates.earliest(parameters.from_) if parameters.from_ else None
    until = dates.latest(parameters.to) if parameters.to else None
    if since is not None and until is not None and since > until:
        raise Invalid.field("query/to", "order", "The time asked for ends before it begins")
    return since, until


def line_of(measure: MeasureFacts) -> StraightLine | Reason:
    """The line from a measure's baseline to its target, or the reason why there is none."""
    baseline, target = measure.baseline, measure.target
    value = number_of_baseline(baseline.value, baseline.status)
    unit = measure.definition.unit
    before = tuple(Point(row.of_day, row.resolves_to) for row in measure.interim)
    return line_between(
        period=measure.definition.period,
        baseline=None if value is None else Reading(value, baseline.of_day, baseline.period, unit),
        target=None if target is None else Aim(target.resolves_to, target.of_day, target.bound, before),
    )
