"""What relative targets resolve to, and how that is told."""

from decimal import Decimal

from klaster_indicators.document.targets import number_of_baseline, resolve_target


class TestNumberOfBaseline:
    def test_is_zero_where_nothing_of_the_kind_existed(self) -> None:
        assert number_of_baseline(None, "none") == 0

    def test_is_nothing_where_nobody_has_the_figure(self) -> None:
        assert number_of_baseline(None, "no_data") is None


class TestResolveTarget:
    def test_takes_a_stated_number_as_it_is(self) -> None:
        assert resolve_target(value=Decimal(300), baseline=Decimal(73), years=4).value == 300

    def test_adds_a_share_of_the_baseline(self) -> None:
        resolved = resolve_target(change_percent=Decimal(25), baseline=Decimal(44), years=4)

        assert (resolved.value, resolved.how) == (Decimal(55), "44 + 25 %")

    def test_takes_a_share_away_where_the_change_is_negative(self) -> None:
        resolved = resolve_target(change_percent=Decimal(-10), baseline=Decimal(50), years=4)

        assert (resolved.value, resolved.how) == (Decimal(45), "50 - 10 %")

    def test_compounds_a_yearly_growth_exactly(self) -> None:
        resolved = resolve_target(growth_percent_per_year=Decimal(25), baseline=Decimal(5), years=4)

        assert resolved.value == Decimal("12.20703125")
        assert resolved.how == "5 x 1.25^4 (+ 25 % a year for 4 years)"

    def test_has_no_number_where_the_baseline_has_none(self) -> None:
        assert resolve_target(change_percent=Decimal(50), baseline=None, years=4).value is None

    def test_names_the_parts_of_a_sum(self) -> None:
        parts = {"funds": Decimal(5), "banks": Decimal(2), "insurers": Decimal(2)}

        assert resolve_target(value=Decimal(9), parts=parts, baseline=None, years=4).how == (
            "5 (funds) + 2 (banks) + 2 (insurers)"
        )
