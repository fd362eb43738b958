"""Scorecard arithmetic: progress, expectation and status of one measure, from numbers and days alone.

Reckoned in fractions, so that nothing is rounded before the answer. Every number that the inputs do not allow is None,
with the reason why. docs/decisions/2026-11-24-scorecard-arithmetic.md holds the rules and what speaks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from klaster_indicators.document.targets import is_limit
from klaster_indicators.document.values import Bound, Direction, Period
from klaster_indicators.scorecard.way import Point, exact, points_between, way_at

Status = Literal[
    "achieved",
    "on_track",
    "at_risk",
    "off_track",
    "regressing",
    "missed",
    "no_target",
    "no_baseline",
    "no_data",
    "not_comparable",
    "stale",
    "not_assessed",
]
Method = Literal["share_of_way", "level", "maintain"]
Reason = Literal[
    "not_assessed",
    "baseline_of_another_period",
    "value_of_another_period",
    "value_of_another_unit",
    "no_data",
    "before_baseline",
    "no_target",
    "target_without_number",
    "no_baseline",
    "stale",
    "met",
    "target_date_passed",
    "maintain",
    "target_of_zero",
]

ON_TRACK = Fraction(95, 100)  # of the way that the straight line asks for: as Open SDG draws the line
AT_RISK = Fraction(60, 100)
TOLERANCE = Decimal("0.10")  # of the target, where the target is to keep what there is
OLDEST = timedelta(days=366)  # a value older than its longest rhythm, a year, says nothing about now
_YEAR = Fraction(1461, 4)  # days


@dataclass(frozen=True, slots=True)
class Reading:
    """A number, the day it is of (of a period: its last day), and what kind of number it is."""

    value: Decimal
    on: date
    period: Period
    unit: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached, and when; no number where the target cannot be resolved.

    bound   what counts as met, where the target says so
    before  the targets of periods before: points of the way
    """

    value: Decimal | None
    on: date
    bound: Bound | None = None
    before: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """The value that the straight line from baseline to target asks for on a day.

    Of a stock that is the day asked for. A flow has no value for half a year: its line is read at the end of its last
    complete period, else every race would look lost in June.
    """

    value: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Assessment:
    """What can be said of a measure. `reasons` says of each number that is missing why it is."""

    status: Status
    method: Method | None = None
    progress: Decimal | None = None
    change: Decimal | None = None
    expected: Expectation | None = None
    required_per_year: Decimal | None = None
    reasons: dict[str, Reason] = field(default_factory=dict)


def assess(
    *,
    period: Period,
    unit: str,
    direction: Direction | None,
    assessed: bool,
    baseline: Reading | None,
    target: Aim | None,
    latest: Reading | None,
    as_of: date,
    tolerance: Decimal = TOLERANCE,
) -> Assessment:
    """Judge one measure on one day.

    period, unit  what the measure asks for: a value of another kind is never divided by it
    direction     what the target asks for; read from baseline and target where it is not stated
    latest        the newest value up to `as_of`; of a flow, its last complete period
    tolerance     how far off, as a share of the target, a level that is to be kept may lie
    """
    if objection := next(_objections(period, unit, assessed, baseline, latest), None):
        return _without_numbers(*objection)
    assert latest is not None  # having none is an objection
    change = latest.value - baseline.value if baseline else None
    if target is None:
        return _without_numbers("no_target", "no_target", change=change)
    if target.value is None:
        return _without_numbers("no_baseline", "target_without_number", change=change)
    if latest.on < min(as_of, target.on) - OLDEST:
        return _without_numbers("stale", "stale", change=change)
    race = _Race(baseline, target.value, target, latest, as_of, direction, tolerance)
    return race.judged(change)


def _objections(
    period: Period, unit: str, assessed: bool, baseline: Reading | None, latest: Reading | None
) -> Iterator[tuple[Status, Reason]]:
    """What forbids any comparison, the most telling first."""
    if not assessed:
        yield "not_assessed", "not_assessed"
    if baseline is not None and baseline.period != period:
        yield "not_comparable", "baseline_of_another_period"
    if latest is None:
        yield "no_data", "no_data"
        return
    if latest.period != period:
        yield "not_comparable", "value_of_another_period"
    if latest.unit != unit:
        yield "not_comparable", "value_of_another_unit"
    if baseline is not None and latest.on < baseline.on:
        yield "no_data", "before_baseline"


def _without_numbers(status: Status, reason: Reason, *, change: Decimal | None = None) -> Assessment:
    return Assessment(
        status, change=change, reasons=dict.fromkeys(("progress", "expected", "required_per_year"), reason)
    )


@dataclass(frozen=True, slots=True)
class _Race:
    """A measure with a numeric target and a value to hold against it."""

    baseline: Reading | None
    target: Decimal
    aim: Aim
    latest: Reading
    as_of: date
    direction: Direction | None
    tolerance: Decimal

    @property
    def passed(self) -> bool:
        return self.as_of > self.aim.on

    @property
    def is_flow(self) -> bool:
        return self.latest.period in {"year", "window_3y"}

    @property
    def held_on(self) -> date:
        """The day on which the latest value is held against the line."""
        return self.latest.on if self.is_flow else max(self.as_of, self.latest.on)

    @property
    def keeps(self) -> bool:
        """Whether the target is to keep what there is, or to keep to a limit."""
        if self.baseline is not None:
            start = self.baseline.value
            return start == self.target or is_limit(start, self.target, self.aim.bound)
        return self.direction == "maintain"

    @property
    def falls(self) -> bool:
        """Whether less is better."""
        if self.baseline is not None:
            return self.target < self.baseline.value
        return self.direction == "decrease"

    @property
    def met(self) -> bool:
        if self.aim.bound == "exactly":
            return self.latest.value == self.target
        if self.keeps and self.aim.bound is None:
            return abs(self.latest.value - self.target) <= self.tolerance * abs(self.target)
        downward = self.falls if self.aim.bound is None else self.aim.bound == "at_most"
        return self.latest.value <= self.target if downward else self.latest.value >= self.target

    def judged(self, change: Decimal | None) -> Assessment:
        if self.keeps:
            method, progress = "maintain", self._level()
        elif self.baseline is None:
            method, progress = "level", self._level()
        else:
            method, progress = "share_of_way", self._share(self.latest.value)
        expected = self._expected()
        required = self._required()
        return Assessment(
            status=self._status(progress),
            method=method,  # type: ignore[arg-type] # one of three words, above
            progress=exact(progress) if progress is not None else None,
            change=change,
            expected=expected,
            required_per_year=exact(required) if required is not None else None,
            reasons=self._reasons(progress, expected, required),
        )

    def _status(self, progress: Fraction | None) -> Status:
        if self.met:
            return "achieved"
        if self.passed:
            return "missed"
        if self.keeps:
            return "off_track"
        if self.baseline is None or progress is None:
            return "no_baseline"
        return self._pace(progress)

    def _pace(self, progress: Fraction) -> Status:
        due = self._due()
        if progress < min(due, Fraction(0)):
            return "regressing"
        if progress >= min(due, ON_TRACK * due):
            return "on_track"
        return "at_risk" if progress >= AT_RISK * due else "off_track"

    def _level(self) -> Fraction | None:
        return Fraction(self.latest.value) / Fraction(self.target) if self.target else None

    def _share(self, value: Decimal) -> Fraction:
        assert self.baseline is not None
        start = Fraction(self.baseline.value)
        share = (Fraction(value) - start) / (Fraction(self.target) - start)
        return 1 - abs(1 - share) if self.aim.bound == "exactly" else share  # past the number it leads away again

    def _due(self) -> Fraction:
        """The share of the way that is due."""
        assert self.baseline is not None
        start = Fraction(self.baseline.value)
        return (self._on_way() - start) / (Fraction(self.target) - start)

    def _on_way(self) -> Fraction:
        assert self.baseline is not None
        start = Point(self.baseline.on, self.baseline.value)
        return way_at(points_between(start, self.aim.before, Point(self.aim.on, self.target)), self.held_on)

    def _expected(self) -> Expectation | None:
        if self.passed or self.keeps:
            return Expectation(self.target, self.aim.on if self.passed else self.held_on)
        if self.baseline is None:
            return None
        return Expectation(exact(self._on_way()), self.held_on)

    def _required(self) -> Fraction | None:
        """What each year to come has to add: a flow's next step follows its last complete period."""
        left = (self.aim.on - self.held_on).days
        if self.met or self.passed or self.keeps or left <= 0:
            return None
        return (Fraction(self.target) - Fraction(self.latest.value)) / (left / _YEAR)

    def _reasons(
        self, progress: Fraction | None, expected: Expectation | None, required: Fraction | None
    ) -> dict[str, Reason]:
        reasons: dict[str, Reason] = {}
        if progress is None:
            reasons["progress"] = "target_of_zero"
        if expected is None:
            reasons["expected"] = "no_baseline"
        if required is None:
            reasons["required_per_year"] = self._why_nothing_is_required()
        return reasons

    def _why_nothing_is_required(self) -> Reason:
        if self.met:
            return "met"
        return "maintain" if self.keeps and not self.passed else "target_date_passed"
