"""The straight line from baseline to target, the very one that the scorecard expects; pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from klaster_indicators.document.values import Period
from klaster_indicators.scorecard.arithmetic import Aim, Reading, Reason
from klaster_shared.decimals import rounded

_PLACES = 6  # as the scorecard rounds


@dataclass(frozen=True, slots=True)
class Point:
    """A number on a day."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class StraightLine:
    """The way from baseline to target; before and after it the line is level."""

    start: Point
    end: Point

    def at(self, day: date) -> Decimal:
        """What the line asks for on a day: reckoned by days, rounded once and at the end."""
        start, end = Fraction(self.start.value), Fraction(self.end.value)
        way = (self.end.on - self.start.on).days
        gone = min(max((day - self.start.on).days, 0), way)
        return _exact(start + (end - start) * (Fraction(gone, way) if way > 0 else 1))

    def year_ends(self) -> list[Point]:
        """The line at the end of each year that it touches."""
        years = range(self.start.on.year, self.end.on.year + 1)
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
    return StraightLine(Point(baseline.on, baseline.value), Point(target.on, target.value))


def _exact(number: Fraction) -> Decimal:
    scaled = round(number * 10**_PLACES)  # half to even, exactly
    with localcontext(prec=60):
        return rounded(Decimal(scaled).scaleb(-_PLACES), _PLACES)
