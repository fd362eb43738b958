"""What a finding is: its kind, how much it weighs, and its place in the strategy's document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from klaster_indicators.document.checks import Location
from klaster_indicators.document.framework import EffectIndicator, Goal
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.document.values import Measure

Kind = Literal[
    "contradicting_figures",
    "parts_do_not_add_up",
    "another_period",
    "no_baseline",
    "no_target",
    "target_without_number",
    "no_source",
    "source_unclear",
    "ambiguous",
    "placed_by_reading",
    "numbering_slip",
    "not_numbered",
    "spelled_differently",
    "rule_open",
    "never_measured",
    "stale_figure",
]
Severity = Literal["high", "medium", "low"]
SEVERITY: dict[Kind, Severity] = {
    "contradicting_figures": "high",
    "parts_do_not_add_up": "high",
    "another_period": "high",
    "no_baseline": "medium",
    "no_target": "medium",
    "target_without_number": "high",
    "no_source": "medium",
    "source_unclear": "low",
    "ambiguous": "medium",
    "placed_by_reading": "low",
    "numbering_slip": "medium",
    "not_numbered": "low",
    "spelled_differently": "low",
    "rule_open": "medium",
    "never_measured": "medium",
    "stale_figure": "medium",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with one part of the strategy; `said` fills the sentence of its kind."""

    kind: Kind
    code: str
    where: Location
    measure: str | None = None
    level: str | None = None
    path: int | None = None
    printed: str | None = None
    note: str | None = None
    severity: Severity | None = None
    said: dict[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> Severity:
        """How much it weighs: that of its kind, where nothing else is said."""
        return self.severity or SEVERITY[self.kind]


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An indicator with its place in the document."""

    item: EffectIndicator | Goal
    level: str
    path: int
    where: Location

    def measures(self) -> Iterator[tuple[Measure, Location]]:
        """Its measures with their places."""
        for index, measure in enumerate(self.item.measures):
            yield measure, (*self.where, "measures", index)

    def live(self, measure: Measure) -> str | None:
        """The figure that is counted for a measure; one named on the indicator is its first measure's."""
        return measure.live or (self.item.live if measure is self.item.measures[0] else None)

    def finding(self, kind: Kind, where: Location, **more: Any) -> Finding:
        """A finding on it."""
        return Finding(kind=kind, code=self.item.code, where=where, level=self.level, path=self.path, **more)


def items_of(document: StrategyDocument) -> list[PlacedItem]:
    """The indicators of the document: those of effects (level B), then the goals of programmes (level C)."""
    path_of = {effect.code: effect.path for effect in document.effects}
    indicators = [
        PlacedItem(item, "B", path_of[item.effects[0]], ("effect_indicators", index))
        for index, item in enumerate(document.effect_indicators)
    ]
    goals = [
        PlacedItem(goal, "C", programme.path, ("programmes", at, "goals", index))
        for at, programme in enumerate(document.programmes)
        for index, goal in enumerate(programme.goals)
    ]
    return [*indicators, *goals]
