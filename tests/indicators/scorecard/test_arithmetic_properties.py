"""What must hold of the scorecard's arithmetic for any numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from klaster_indicators.document.values import Bound, Period
from klaster_indicators.scorecard.arithmetic import Aim, Assessment, Reading, Status, assess
from klaster_indicators.scorecard.way import Point

START, END = date(2021, 12, 31), date(2025, 12, 31)
RANK: dict[Status, int] = {
    "regressing": 0,
    "missed": 0,
    "off_track": 1,
    "at_risk": 2,
    "on_track": 3,
    "achieved": 4,
}

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False)
days = st.dates(min_value=START, max_value=END + timedelta(days=700))
days_after = st.dates(min_value=END + timedelta(days=1), max_value=END + timedelta(days=700))
periods = st.sampled_from(["point", "year", "window_3y", "cumulative"])
directions = st.sampled_from(["increase", "decrease", "maintain", None])


def reading(value: Decimal, on: date, period: Period = "point", unit: str = "entity") -> Reading:
    return Reading(value, on, period, unit)


def judge(
    baseline: Decimal | None,
    target: Decimal,
    value: Decimal,
    day: date,
    *,
    bound: Bound | None = None,
    before: tuple[Point, ...] = (),
) -> Assessment:
    return assess(
        period="point",
        unit="entity",
        direction=None,
        assessed=True,
        baseline=None if baseline is None else reading(baseline, START),
        target=Aim(target, END, bound, before),
        latest=reading(value, day),
        as_of=day,
    )


class TestProgress:
    @given(baseline=amounts, target=amounts, value=amounts, step=st.decimals("0.01", 10**6, places=2), day=days)
    def test_never_falls_when_the_value_comes_nearer(
        self, baseline: Decimal, target: Decimal, value: Decimal, step: Decimal, day: date
    ) -> None:
        assume(baseline != target)
        nearer = value + step if target > baseline else value - step

        before, after = judge(baseline, target, value, day), judge(baseline, target, nearer, day)

        assert before.progress is not None
        assert after.progress is not None
        assert after.progress >= before.progress
        assert RANK[after.status] >= RANK[before.status]

    @given(baseline=amounts, target=amounts, value=amounts, factor=st.integers(1, 10**6), day=days)
    def test_does_not_depend_on_the_unit(
        self, baseline: Decimal, target: Decimal, value: Decimal, factor: int, day: date
    ) -> None:
        plain = judge(baseline, target, value, day)
        scaled = judge(baseline * factor, target * factor, value * factor, day)

        assert (plain.status, plain.method, plain.progress) == (scaled.status, scaled.method, scaled.progress)

    @given(baseline=amounts, target=amounts, value=amounts, day=days)
    def test_is_the_same_way_down_as_up(self, baseline: Decimal, target: Decimal, value: Decimal, day: date) -> None:
        assume(baseline != target)

        up, down = judge(baseline, target, value, day), judge(-baseline, -target, -value, day)

        assert (up.status, up.progress) == (down.status, down.progress)
        assert up.expected is not None
        assert down.expected is not None
        assert up.expected.value == -down.expected.value

    @given(baseline=amounts, target=amounts, day=st.dates(min_value=START, max_value=END))
    def test_is_on_track_wherever_the_line_is_followed(self, baseline: Decimal, target: Decimal, day: date) -> None:
        assume(abs(baseline - target) > 1)
        expected = judge(baseline, target, baseline, day).expected
        assert expected is not None

        assert judge(baseline, target, expected.value, day).status in {"on_track", "achieved"}

    @given(baseline=amounts, target=amounts, value=amounts, day=days_after)
    def test_ends_as_met_or_missed(self, baseline: Decimal, target: Decimal, value: Decimal, day: date) -> None:
        assert judge(baseline, target, value, day).status in {"achieved", "missed"}


class TestBounds:
    @given(baseline=amounts, target=amounts, value=amounts, step=st.decimals("0.01", 10**6, places=2), day=days)
    def test_exactly_never_falls_when_the_value_comes_nearer(
        self, baseline: Decimal, target: Decimal, value: Decimal, step: Decimal, day: date
    ) -> None:
        assume(baseline != target)
        nearer = value + min(step, target - value) if value < target else value - min(step, value - target)

        before, after = (judge(baseline, target, one, day, bound="exactly") for one in (value, nearer))

        assert before.progress is not None
        assert after.progress is not None
        assert after.progress >= before.progress
        assert RANK[after.status] >= RANK[before.status]
        assert (after.status == "achieved") == (nearer == target)

    @given(baseline=amounts, target=amounts, value=amounts, day=days)
    def test_of_the_way_itself_change_nothing(
        self, baseline: Decimal, target: Decimal, value: Decimal, day: date
    ) -> None:
        assume(baseline != target)
        bound: Bound = "at_least" if target > baseline else "at_most"

        assert judge(baseline, target, value, day, bound=bound) == judge(baseline, target, value, day)

    @given(baseline=amounts, target=amounts, value=amounts, day=days)
    def test_against_the_way_are_limits_to_keep_to(
        self, baseline: Decimal, target: Decimal, value: Decimal, day: date
    ) -> None:
        bound: Bound = "at_most" if target >= baseline else "at_least"

        judged = judge(baseline, target, value, day, bound=bound)

        kept = value <= target if bound == "at_most" else value >= target
        assert (judged.status, judged.method) == (
            "achieved" if kept else "missed" if day > END else "off_track",
            "maintain",
        )

    @given(value=amounts, target=amounts, day=days)
    def test_hold_without_a_baseline(self, value: Decimal, target: Decimal, day: date) -> None:
        met = [judge(None, target, value, day, bound=one).status == "achieved" for one in ("at_least", "at_most")]

        assert met == [value >= target, value <= target]


class TestTargetsOfYears:
    @given(baseline=amounts, middle=amounts, target=amounts, day=st.dates(min_value=START, max_value=END))
    def test_are_points_of_the_way(self, baseline: Decimal, middle: Decimal, target: Decimal, day: date) -> None:
        assume(baseline != target)
        point = Point(date(2023, 12, 31), middle)

        judged = judge(baseline, target, baseline, day, before=(point,))

        assert judged.expected is not None
        ends = sorted((baseline, middle)) if day <= point.on else sorted((middle, target))
        assert ends[0] - 1 <= judged.expected.value <= ends[1] + 1
        if day == point.on:
            assert judged.expected.value == middle

    @given(baseline=amounts, middle=amounts, target=amounts, day=st.dates(min_value=START, max_value=END))
    def test_call_on_track_whoever_follows_them(
        self, baseline: Decimal, middle: Decimal, target: Decimal, day: date
    ) -> None:
        assume(abs(baseline - target) > 1)
        before = (Point(date(2023, 12, 31), middle),)
        expected = judge(baseline, target, baseline, day, before=before).expected
        assert expected is not None
        on_way = expected.value + (Decimal("0.01") if target > baseline else Decimal("-0.01"))

        assert judge(baseline, target, on_way, day, before=before).status in {"on_track", "achieved"}


class TestNumbers:
    @given(
        asked=periods,
        begun=st.none() | st.builds(reading, amounts, st.just(START), periods),
        aim=st.none() | st.builds(Aim, st.none() | amounts, st.just(END)),
        found=st.none() | st.builds(reading, amounts, days, periods, st.sampled_from(["entity", "PLN"])),
        direction=directions,
        assessed=st.booleans(),
        later=st.integers(0, 900),
    )
    def test_are_given_only_where_the_inputs_allow_them(
        self,
        asked: Period,
        begun: Reading | None,
        aim: Aim | None,
        found: Reading | None,
        direction: Any,
        assessed: bool,
        later: int,
    ) -> None:
        as_of = (found.on if found else START) + timedelta(days=later)

        assessment = assess(
            period=asked,
            unit="entity",
            direction=direction,
            assessed=assessed,
            baseline=begun,
            target=aim,
            latest=found,
            as_of=as_of,
        )

        numbers = [assessment.progress, assessment.expected, assessment.required_per_year]
        comparable = found is not None and found.period == asked and found.unit == "entity" and assessed
        judged = comparable and aim is not None and aim.value is not None and (begun is None or begun.period == asked)
        assert judged or numbers == [None, None, None]
        for name in ("progress", "expected", "required_per_year"):
            assert (getattr(assessment, name) is None) == (name in assessment.reasons)

    @given(value=amounts, target=amounts, day=days)
    def test_of_a_line_need_a_baseline(self, value: Decimal, target: Decimal, day: date) -> None:
        assessment = judge(None, target, value, day)

        assert assessment.change is None
        assert assessment.method != "share_of_way"
        assert assessment.expected is None or day > END

    @given(value=amounts, day=days)
    def test_do_not_change_when_the_judgement_is_repeated(self, value: Decimal, day: date) -> None:
        first = judge(Decimal(100), Decimal(300), value, day)

        assert replace(first) == judge(Decimal(100), Decimal(300), value, day)
