"""The scorecard's arithmetic, case by case."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from klaster_indicators.document.values import Period
from klaster_indicators.scorecard.arithmetic import Aim, Assessment, Expectation, Reading, assess

START, END = date(2021, 12, 31), date(2025, 12, 31)
HALFWAY = date(2023, 12, 31)  # 730 of 1461 days


def number(value: str | int, on: date = START, period: Period = "point", unit: str = "entity") -> Reading:
    return Reading(Decimal(value), on, period, unit)


def judge(**differences: Any) -> Assessment:
    """A rising race from 100 to 300, looked at halfway, with whatever the scenario changes."""
    case: dict[str, Any] = {
        "period": "point",
        "unit": "entity",
        "direction": "increase",
        "assessed": True,
        "baseline": number(100),
        "target": Aim(Decimal(300), END),
        "latest": number(200, HALFWAY),
        "as_of": HALFWAY,
    }
    return assess(**{**case, **differences})


class TestRunningRace:
    def test_is_on_track_on_the_line(self) -> None:
        assessment = judge()

        assert (assessment.status, assessment.method) == ("on_track", "share_of_way")
        assert assessment.progress == Decimal("0.5")

    def test_expects_what_the_straight_line_asks_for(self) -> None:
        assert judge().expected == Expectation(Decimal("199.931554"), HALFWAY)

    def test_requires_the_rest_of_the_way_in_the_years_left(self) -> None:
        assert judge().required_per_year == Decimal("49.965800")  # 100 in 731 days

    @pytest.mark.parametrize(
        ("value", "status"),
        [("300", "achieved"), ("195", "on_track"), ("190", "at_risk"), ("160", "at_risk"), ("159", "off_track")],
    )
    def test_tells_the_pace_by_the_share_of_the_way_that_is_due(self, value: str, status: str) -> None:
        assert judge(latest=number(value, HALFWAY)).status == status

    def test_is_regressing_behind_the_start(self) -> None:
        assessment = judge(latest=number(99, HALFWAY))

        assert (assessment.status, assessment.progress) == ("regressing", Decimal("-0.005"))

    def test_is_not_regressing_at_the_start(self) -> None:
        assert judge(latest=number(100, HALFWAY)).status == "off_track"

    def test_has_nothing_due_on_the_first_day(self) -> None:
        assert judge(latest=number(100, START), as_of=START).status == "on_track"

    def test_runs_until_the_last_day_is_over(self) -> None:
        assessment = judge(latest=number(250, END), as_of=END)

        assert assessment.status == "at_risk"
        assert assessment.reasons["required_per_year"] == "target_date_passed"

    def test_requires_nothing_more_of_what_is_achieved(self) -> None:
        assert judge(latest=number(301, HALFWAY)).reasons == {"required_per_year": "met"}

    def test_holds_a_flow_against_the_line_at_the_end_of_its_period(self) -> None:
        asked = {"period": "year", "baseline": number(400, START, "year"), "target": Aim(Decimal(1200), END)}

        assessment = judge(**asked, latest=number(800, HALFWAY, "year"), as_of=date(2024, 6, 30))

        assert assessment.status == "on_track"
        assert assessment.required_per_year == Decimal("199.863201")  # 400 more in two more years


class TestFallingRace:
    def test_counts_the_way_down(self) -> None:
        assessment = judge(target=Aim(Decimal(50), END), direction="decrease", latest=number(75, HALFWAY))

        assert (assessment.status, assessment.progress) == ("on_track", Decimal("0.5"))
        assert assessment.required_per_year == Decimal("-12.491450")

    def test_is_achieved_at_or_below_the_target(self) -> None:
        assert (
            judge(target=Aim(Decimal(50), END), direction="decrease", latest=number(50, HALFWAY)).status == "achieved"
        )

    def test_is_regressing_above_the_start(self) -> None:
        assert judge(target=Aim(Decimal(50), END), direction=None, latest=number(101, HALFWAY)).status == "regressing"


class TestAfterTheTargetDate:
    NOW = date(2026, 11, 24)

    def test_is_missed_where_it_was_not_met(self) -> None:
        assessment = judge(latest=number(299, self.NOW), as_of=self.NOW)

        assert assessment.status == "missed"
        assert assessment.expected == Expectation(Decimal(300), END)
        assert assessment.required_per_year is None
        assert assessment.reasons == {"required_per_year": "target_date_passed"}

    def test_is_achieved_where_it_is_met(self) -> None:
        assert judge(latest=number(300, self.NOW), as_of=self.NOW).status == "achieved"

    def test_is_missed_without_a_baseline_too(self) -> None:
        assessment = judge(baseline=None, latest=number(150, self.NOW), as_of=self.NOW)

        assert (assessment.status, assessment.method, assessment.progress) == ("missed", "level", Decimal("0.5"))

    def test_takes_a_value_of_the_target_year(self) -> None:
        assert judge(latest=number(250, END), as_of=date(2028, 1, 1)).status == "missed"

    def test_does_not_tell_from_a_value_long_before(self) -> None:
        assert judge(latest=number(250, date(2024, 12, 1)), as_of=self.NOW).status == "stale"


class TestWithoutBaseline:
    def test_compares_the_level_alone(self) -> None:
        assessment = judge(baseline=None)

        assert (assessment.status, assessment.method) == ("no_baseline", "level")
        assert assessment.progress == Decimal("0.666667")
        assert assessment.expected is None
        assert assessment.reasons == {"expected": "no_baseline"}

    def test_is_achieved_at_the_target(self) -> None:
        assert judge(baseline=None, latest=number(300, HALFWAY)).status == "achieved"

    def test_has_no_share_of_a_target_of_zero(self) -> None:
        assessment = judge(baseline=None, target=Aim(Decimal(0), END), direction="decrease")

        assert (assessment.progress, assessment.reasons["progress"]) == (None, "target_of_zero")

    def test_has_no_number_where_the_target_hangs_on_it(self) -> None:
        assessment = judge(baseline=None, target=Aim(None, END))

        assert (assessment.status, assessment.reasons["progress"]) == ("no_baseline", "target_without_number")


class TestBaselineOfZero:
    def test_is_a_start_like_any_other(self) -> None:
        assessment = judge(baseline=number(0), target=Aim(Decimal(5), END), latest=number(3, HALFWAY))

        assert (assessment.status, assessment.progress) == ("on_track", Decimal("0.6"))


class TestMaintain:
    CASE: dict[str, Any] = {"baseline": number(8), "target": Aim(Decimal(8), END), "direction": "maintain"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("value", "status"), [("8", "achieved"), ("8.8", "achieved"), ("7.2", "achieved"), ("7", "off_track")]
    )
    def test_is_achieved_within_the_tolerance(self, value: str, status: str) -> None:
        assessment = judge(**self.CASE, latest=number(value, HALFWAY))

        assert (assessment.status, assessment.method) == (status, "maintain")

    def test_is_missed_once_the_date_has_passed(self) -> None:
        now = date(2026, 11, 24)

        assert judge(**self.CASE, latest=number(7, now), as_of=now).status == "missed"

    def test_has_no_share_where_zero_is_to_be_kept(self) -> None:
        assessment = judge(baseline=number(0), target=Aim(Decimal(0), END), latest=number(0, HALFWAY))

        assert (assessment.status, assessment.progress) == ("achieved", None)


class TestWhatForbidsAComparison:
    def test_is_that_the_measure_is_not_assessed(self) -> None:
        assert judge(assessed=False).status == "not_assessed"

    def test_is_a_baseline_of_three_years_under_a_yearly_measure(self) -> None:
        thirteen_startups = number(13, date(2022, 9, 7), "window_3y")

        assessment = judge(period="year", baseline=thirteen_startups, target=None, latest=None)

        assert assessment.status == "not_comparable"
        assert assessment.reasons["progress"] == "baseline_of_another_period"

    def test_is_a_value_of_another_period(self) -> None:
        assert judge(latest=number(200, HALFWAY, "year")).status == "not_comparable"

    def test_is_a_value_in_another_unit(self) -> None:
        assert judge(latest=number(200, HALFWAY, unit="PLN")).status == "not_comparable"

    def test_is_that_there_is_no_value(self) -> None:
        assert judge(latest=None).status == "no_data"

    def test_is_that_no_value_is_newer_than_the_baseline(self) -> None:
        assessment = judge(latest=number(90, date(2020, 12, 31)))

        assert (assessment.status, assessment.reasons["progress"]) == ("no_data", "before_baseline")

    def test_leaves_no_number_behind(self) -> None:
        assessment = judge(latest=number(200, HALFWAY, unit="PLN"))

        assert (assessment.progress, assessment.expected, assessment.required_per_year) == (None, None, None)


class TestWithoutTarget:
    def test_tells_the_change_alone(self) -> None:
        assessment = judge(target=None)

        assert (assessment.status, assessment.change) == ("no_target", Decimal(100))
        assert assessment.reasons["progress"] == "no_target"
