"""Periods: whole days, both ends included, one comparison for every `as_of`."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.entities.partnership import first_day_without_group
from klaster_registry.periods import BEGINNING, END, Period, PeriodIn, refuse_overlaps
from klaster_shared.errors import Invalid

days = st.dates(date(2019, 1, 1), date(2023, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted((draw(days), draw(days)))
    return Period(first, draw(st.sampled_from([last, END])))


class TestPeriod:
    def test_holds_on_its_first_and_on_its_last_day(self) -> None:
        period = PeriodIn.model_validate({"from": "2021-03-01", "to": "2021-03-31"}).period()
        held = [date(2021, 2, 28) + timedelta(days=offset) for offset in range(40)]
        assert [day for day in held if period.covers(day)] == held[1:32]

    def test_is_open_where_no_day_is_given(self) -> None:
        assert PeriodIn().period() == Period(BEGINNING, END)
        assert PeriodIn().period().wire() == {"from": None, "to": None}

    @given(periods())
    def test_comes_back_as_it_was_given(self, period: Period) -> None:
        wire = period.wire()
        if not period.is_empty():
            assert PeriodIn.model_validate(wire).period() == period

    @given(periods(), periods())
    def test_overlaps_where_a_day_lies_in_both(self, one: Period, other: Period) -> None:
        shared = any(
            one.covers(day) and other.covers(day)
            for day in (max(one.valid_from, other.valid_from), min(one.valid_until, other.valid_until) - timedelta(1))
        )
        if not (one.is_empty() or other.is_empty()):
            assert one.overlaps(other) == shared

    @pytest.mark.parametrize("given_days", [("2021-03-02", "2021-03-01"), ("2021-01-01", "9999-12-31")])
    def test_is_refused_the_wrong_way_round(self, given_days: tuple[str, str]) -> None:
        with pytest.raises(ValueError, match="last day"):
            PeriodIn.model_validate({"from": given_days[0], "to": given_days[1]})

    def test_is_refused_beside_one_that_shares_a_day(self) -> None:
        with pytest.raises(Invalid):
            refuse_overlaps([Period(date(2021, 1, 1)), Period(date(2020, 1, 1), date(2021, 1, 2))], "/markets")
        refuse_overlaps([Period(date(2021, 1, 1)), Period(date(2020, 1, 1), date(2021, 1, 1))], "/markets")


class TestFirstDayWithoutGroup:
    @given(st.lists(periods(), max_size=3), st.lists(periods(), max_size=4), days)
    def test_is_the_first_that_a_count_day_by_day_finds(
        self, partnerships: list[Period], memberships: list[Period], since: date
    ) -> None:
        found = first_day_without_group(partnerships, memberships, since=since)
        span = [since + timedelta(days=offset) for offset in range((date(2024, 2, 1) - since).days)]
        by_hand = next(
            (
                day
                for day in span
                if any(one.covers(day) for one in partnerships) and not any(one.covers(day) for one in memberships)
            ),
            None,
        )
        assert found == by_hand
