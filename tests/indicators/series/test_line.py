"""The line to a target is the one that the scorecard expects."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from klaster_indicators.scorecard.arithmetic import Aim, Reading, assess
from klaster_indicators.series.line import StraightLine, line_between

NUMBERS = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=3)
START, END = date(2021, 12, 31), date(2025, 12, 31)


class TestStraightLine:
    @given(baseline=NUMBERS, target=NUMBERS, day=st.dates(START, END))
    def test_is_what_the_scorecard_expects(self, baseline: Decimal, target: Decimal, day: date) -> None:
        reading, aim = Reading(baseline, START, "point", "entity"), Aim(target, END)

        line = line_between(period="point", baseline=reading, target=aim)
        judged = assess(
            period="point",
            unit="entity",
            direction=None,
            assessed=True,
            baseline=reading,
            target=aim,
            latest=Reading(baseline, day, "point", "entity"),
            as_of=day,
        )

        assert isinstance(line, StraightLine)
        assert judged.expected is not None
        assert (line.at(day), day) == (judged.expected.value, judged.expected.on)

    def test_is_level_before_and_after(self) -> None:
        line = line_between(
            period="year", baseline=Reading(Decimal(1), START, "year", "x"), target=Aim(Decimal(5), END)
        )

        assert isinstance(line, StraightLine)
        assert (line.at(date(2000, 1, 1)), line.at(date(2030, 1, 1))) == (1, 5)
        assert [(point.on.year, round(point.value)) for point in line.year_ends()] == [
            (2021, 1),
            (2022, 2),
            (2023, 3),
            (2024, 4),
            (2025, 5),
        ]

    def test_is_not_drawn_where_the_inputs_allow_none(self) -> None:
        reading, aim = Reading(Decimal(1), START, "window_3y", "x"), Aim(Decimal(5), END)

        assert line_between(period="year", baseline=reading, target=aim) == "baseline_of_another_period"
        assert line_between(period="window_3y", baseline=reading, target=None) == "no_target"
        assert line_between(period="window_3y", baseline=None, target=aim) == "no_baseline"
        assert line_between(period="year", baseline=None, target=Aim(None, END)) == "target_without_number"
