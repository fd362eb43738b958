"""Rows of several tables, put together: an indicator with its effects, measures, baselines and targets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What an edition says of a measure; its targets by their years, of which most have one."""

    definition: Any
    baseline: Any
    targets: Sequence[Any]

    @property
    def target(self) -> Any | None:
        """Where it is to be in the end."""
        return self.targets[-1] if self.targets else None

    @property
    def interim(self) -> Sequence[Any]:
        """The targets of years before that."""
        return self.targets[:-1]

    def target_on(self, day: date) -> Any | None:
        """The target of the period that a day lies in; the last one once all have passed."""
        return next((row for row in self.targets if row.of_day >= day), self.target)


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """What an edition says of an indicator."""

    definition: Any
    effects: Sequence[str]
    measures: Sequence[MeasureFacts]


@dataclass(frozen=True, slots=True)
class Retired:
    """The edition that dropped an indicator, and the day from which it held."""

    edition: str
    on: date


def put_together(
    *,
    definitions: Iterable[Any],
    effects: Iterable[Any],
    measures: Iterable[Any],
    baselines: Iterable[Any],
    targets: Iterable[Any],
) -> list[IndicatorFacts]:
    """Indicators from the rows of their tables, in the order of `definitions`."""
    baseline_of = {row.measure_definition_id: row for row in baselines}
    targets_of = defaultdict(list)
    for row in sorted(targets, key=lambda row: row.year):
        targets_of[row.measure_definition_id].append(row)
    effects_of = defaultdict(list)
    for row in effects:
        effects_of[row.definition_id].append(row.effect)
    measures_of = defaultdict(list)
    for row in measures:
        facts = MeasureFacts(row, baseline_of[row.id], targets_of.get(row.id, ()))
        measures_of[row.definition_id].append(facts)
    return [IndicatorFacts(row, effects_of[row.id], measures_of[row.id]) for row in definitions]
