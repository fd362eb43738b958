"""The slot grid follows from opening hours on the resource's own clock, whatever that clock does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from klaster_events.bookings.grid import Grid, on_the_quarter, quarters

WEEK = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]


def grid(*hours: dict[str, Any], minutes: int = 60) -> Grid:
    return Grid(zone="Europe/Warsaw", hours=hours, slot_minutes=minutes)


class TestSlots:
    def test_lie_in_the_hours_and_what_does_not_fit_is_left_out(self) -> None:
        one = grid({"weekday": 3, "from": "08:00", "to": "10:30"})
        assert [begin.hour for begin, _ in one.slots(date(2026, 11, 23), date(2026, 11, 29))] == [7, 8]

    def test_of_a_day_that_is_an_hour_shorter_or_longer_are_those_it_has(self) -> None:
        spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
        assert [len([*grid(*WEEK).slots(day, day)]) for day in (spring, autumn)] == [23, 25]

    @given(
        day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
        minutes=st.sampled_from([15, 30, 45, 60, 90, 120]),
    )
    def test_never_overlap_and_take_whole_quarters(self, day: date, minutes: int) -> None:
        found = [*grid(*WEEK, minutes=minutes).slots(day, day + timedelta(days=2))]
        taken = [one for begin, end in found for one in quarters(begin, end)]
        assert len(taken) == len(set(taken))
        assert all(on_the_quarter(one) for one in taken)
        assert found == sorted(found)


class TestCovers:
    def test_takes_slots_one_right_after_the_other_also_over_midnight(self) -> None:
        begin = datetime(2026, 11, 24, 21, tzinfo=UTC)  # ten in the evening
        assert grid(*WEEK).covers(begin, begin + timedelta(hours=4)) == 4

    def test_takes_no_gap_no_part_and_nothing_outside_the_hours(self) -> None:
        one = grid({"weekday": 2, "from": "08:00", "to": "10:00"}, {"weekday": 2, "from": "11:00", "to": "12:00"})
        eight = datetime(2026, 11, 24, 7, tzinfo=UTC)
        hours = [timedelta(hours=count) for count in (1, 2, 3, 4)]
        assert [one.covers(eight, eight + many) for many in hours] == [1, 2, 0, 0]
        assert one.covers(eight + timedelta(minutes=15), eight + timedelta(hours=1)) == 0
        assert one.covers(eight - timedelta(hours=1), eight) == 0
