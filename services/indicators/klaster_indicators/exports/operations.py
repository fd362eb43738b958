"""Reading what goes out: measure by measure, so that memory does not grow with the history."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.exports.schemas import ExportParameters
from klaster_indicators.framework.asked import Asked
from klaster_indicators.framework.errors import EditionNotFound
from klaster_indicators.framework.operations import Framework, edition_asked, read_framework
from klaster_indicators.indicators.facts import IndicatorFacts, MeasureFacts
from klaster_indicators.indicators.filters import Filter
from klaster_indicators.indicators.operations import path_numbers, read_indicators
from klaster_indicators.observations.operations import verified_history

AT_ONCE = 5  # measures: of ten years of daily counts, twenty thousand rows at a time


@dataclass(frozen=True, slots=True)
class Exported:
    """An edition and the indicators that go out, as they are or as they were recorded at an instant."""

    framework: Framework
    indicators: Sequence[IndicatorFacts]
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Aim:
    """A target: its number, how it comes about, the first and the last day that it is about."""

    value: Decimal
    how: str
    days: tuple[date, date]


@dataclass(frozen=True, slots=True)
class MeasureHistory:
    """One measure with its verified values, the oldest first."""

    indicator: IndicatorFacts
    measure: MeasureFacts
    observations: Sequence[Any]

    @property
    def baseline(self) -> Decimal | None:
        """The number it started from."""
        return number_of_baseline(self.measure.baseline.value, self.measure.baseline.status)

    @property
    def target(self) -> Decimal | None:
        """The number that its target means."""
        return self.measure.target.resolves_to if self.measure.target is not None else None

    def aims(self) -> Iterator[Aim]:
        """What it is to reach, year by year, where that is a number."""
        years = {"year": 1, "window_3y": 3}.get(self.measure.definition.period)
        for row in self.measure.targets:
            if row.resolves_to is not None:
                end: date = row.of_day
                start = end if years is None else date(end.year - years + 1, 1, 1)
                yield Aim(row.resolves_to, row.how, (start, end))


async def read_exported(session: AsyncSession, *, parameters: ExportParameters, today: date) -> Exported:
    """What the parameters ask for; raises EditionNotFound, also before a strategy is adopted.

    today  the day it is now, or was when what is asked for was known
    """
    edition = await edition_asked(session, asked=Asked(parameters.edition, today, parameters.known_at))
    if edition is None:
        raise EditionNotFound("No strategy has been adopted yet")
    framework = await read_framework(session, edition=edition)
    wanted = Filter(levels=tuple(parameters.level), paths=path_numbers(parameters.path, framework))
    indicators = await read_indicators(session, framework=framework, wanted=wanted)
    return Exported(framework, indicators, parameters.known_at)


async def histories(session: AsyncSession, *, exported: Exported) -> AsyncIterator[MeasureHistory]:
    """Every measure in the order of the edition, with its values."""
    measures = [(indicator, measure) for indicator in exported.indicators for measure in indicator.measures]
    for start in range(0, len(measures), AT_ONCE):
        portion = measures[start : start + AT_ONCE]
        values = defaultdict(list)
        ids = [measure.definition.measure_id for _, measure in portion]
        for row in await verified_history(session, measure_ids=ids, known_at=exported.known_at):
            values[row.measure_id].append(row)
        for indicator, measure in portion:
            yield MeasureHistory(indicator, measure, values[measure.definition.measure_id])


def number_of(observation: Any) -> Decimal | None:
    """The number of an observation; `none` counts as 0."""
    return number_of_baseline(observation.value, observation.status)
