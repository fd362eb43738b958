"""What must hold of the scorecard's arithmetic for any numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from klaster_indicators.document.values import Period
from klaster_indicators.scorecard.arithmetic import Aim, Assessment, Reading, Status, assess

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
periods = st.sampled_from(["point", "year", "window_3y", "cumulative"])
directions = st.sampled_from(["increase", "decrease", "maintain", None])


def reading(value: Decimal, on: date, period: Period = "point", unit: str = "entity") -> Reading:
    return Reading(value, on, period, unit)


def judge(baseline: Decimal | None, target: Decimal, value: Decimal, day: date) -> Assessment:
    return assess(
        period="point",
        unit="entity",
        direction=None,
        assessed=True,
        baseline=None if baseline is None else reading(baseline, START),
        target=Aim(target, END),
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

    @given(baseline=amounts, target=amounts, value=amounts, day=days)
    def test_ends_as_met_or_missed(self, baseline: Decimal, target: Decimal, value: Decimal, day: date) -> None:
        assume(day > END)

        assert judge(baseline, target, value, day).status in {"achieved", "missed"}


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
