"""The straight line from baseline to target, the very one that the scorecard expects; pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from klaster_indicators.document.values import Period
from klaster_indicators.scorecard.arithmetic import Aim, Reading, Reason
from klaster_indicators.scorecard.way import Point, exact, points_between, way_at


@dataclass(frozen=True, slots=True)
class StraightLine:
    """The way from baseline to target, by the targets of years in between; before and after it the line is level."""

    points: tuple[Point, ...]

    def at(self, day: date) -> Decimal:
        """What the line asks for on a day: reckoned by days, rounded once and at the end."""
        return exact(way_at(self.points, day))

    def year_ends(self) -> list[Point]:
        """The line at the end of each year that it touches."""
        years = range(self.points[0].on.year, self.points[-1].on.year + 1)
        return [Point(date(year, 12, 31), self.at(date(year, 12, 31))) for year in years]


def line_between(*, period: Period, baseline: Reading | None, target: Aim | None) -> StraightLine | Reason:
    """The line between a baseline and a target, or the reason why there is none."""
    if baseline is not None and baseline.period != period:
        return "baseline_of_another_period"
    if target is None:
        return "no_target"
    if target.value is None:
        return "target_without_number"
    if baseline is None:
        return "no_baseline"
    start, end = Point(baseline.on, baseline.value), Point(target.on, target.value)
    return StraightLine(points_between(start, target.before, end))
