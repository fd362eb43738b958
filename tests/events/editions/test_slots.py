"""When meetings can begin: pure."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaster_events.editions.slots import Days, Slot, Window, apart_from, slots_of, within

DAYS = Days(
    starts_at=datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 26, 16, 0, tzinfo=UTC),
    zone="Europe/Warsaw",
)
MORNING = {"day": 1, "from": "10:00", "until": "11:00"}
NEXT_DAY = {"day": 2, "from": "09:00", "until": "09:30"}
_CLOCK = st.times().map(lambda moment: f"{moment:%H:%M}")
_WINDOW = st.fixed_dictionaries({"day": st.integers(1, 4), "from": _CLOCK, "until": _CLOCK})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def starts(slots: list[Slot]) -> list[datetime]:
    return [slot.starts_at for slot in slots]


class TestSlotsOf:
    def test_are_local_times_by_day_of_the_event(self) -> None:
        found = slots_of([NEXT_DAY, MORNING], DAYS, slot_minutes=30, break_minutes=0)
        assert starts(found) == [at(25, 9), at(25, 9, 30), at(26, 8)]

    def test_leave_room_for_breaks(self) -> None:
        assert starts(slots_of([MORNING], DAYS, slot_minutes=20, break_minutes=10)) == [at(25, 9), at(25, 9, 30)]

    def test_of_a_window_that_is_just_long_enough_is_one(self) -> None:
        exact = {"day": 1, "from": "10:00", "until": "10:30"}
        assert starts(slots_of([exact], DAYS, slot_minutes=30, break_minutes=15)) == [at(25, 9)]

    def test_of_windows_that_overlap_never_do(self) -> None:
        windows = [MORNING, {"day": 1, "from": "10:10", "until": "11:10"}]
        assert len(slots_of(windows, DAYS, slot_minutes=30, break_minutes=0)) == 2

    def test_lie_within_the_event(self) -> None:
        early = {"day": 1, "from": "08:00", "until": "09:30"}
        assert starts(slots_of([early], DAYS, slot_minutes=30, break_minutes=0)) == [at(25, 8)]

    def test_are_as_long_as_they_say_when_the_clocks_change(self) -> None:
        night = Days(starts_at=at(1, 0), ends_at=at(2, 0), zone="Europe/Warsaw")
        changed = Days(starts_at=datetime(2026, 10, 24, 22, tzinfo=UTC), ends_at=at(2, 0), zone="Europe/Warsaw")
        window = [{"day": 1, "from": "01:00", "until": "04:00"}]
        assert len(slots_of(window, night, slot_minutes=30, break_minutes=0)) == 6
        assert len(slots_of(window, changed, slot_minutes=30, break_minutes=0)) == 8

    @given(st.lists(_WINDOW, max_size=5), st.sampled_from([15, 20, 30]), st.integers(0, 60))
    def test_never_overlap_whatever_the_windows(
        self, windows: list[dict[str, int | str]], slot: int, pause: int
    ) -> None:
        found = slots_of(windows, DAYS, slot_minutes=slot, break_minutes=pause)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(found))
        assert all(DAYS.starts_at <= one.starts_at and one.ends_at <= DAYS.ends_at for one in found)


class TestWithin:
    def test_keeps_what_lies_wholly_in_a_window(self) -> None:
        slots = slots_of([MORNING], DAYS, slot_minutes=30, break_minutes=0)
        assert starts(within(slots, [{"day": 1, "from": "10:15", "until": "18:00"}], DAYS)) == [at(25, 9, 30)]

    @pytest.mark.parametrize(("windows", "kept"), [(None, 2), ([], 0)])
    def test_of_no_windows_is_everything_and_of_an_empty_list_nothing(
        self, windows: list[Window] | None, kept: int
    ) -> None:
        slots = slots_of([MORNING], DAYS, slot_minutes=30, break_minutes=0)
        assert len(within(slots, windows, DAYS)) == kept


class TestApartFrom:
    def test_drops_what_something_falls_into_and_keeps_what_it_touches(self) -> None:
        slots = slots_of([MORNING], DAYS, slot_minutes=30, break_minutes=0)
        assert starts(apart_from(slots, [(at(25, 8), at(25, 9)), (at(25, 9, 59), at(25, 12))])) == [at(25, 9)]
