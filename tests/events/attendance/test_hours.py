"""How long somebody took part: what was scanned, else what a sheet says, else what was on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from klaster_events.attendance.hours import Span, Timetable, time_of

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def span(start: float, end: float) -> Span:
    """Between so many hours after nine."""
    return NINE + timedelta(hours=start), NINE + timedelta(hours=end)


def stay(start: float, end: float | None) -> list[Any]:
    return [span(start, 0)[0].isoformat(), span(0, end)[1].isoformat() if end is not None else None]


PLAIN = Timetable(span(0, 8), {})
TAUGHT = Timetable(span(0, 8), {FIRST: span(0, 2), SECOND: span(1, 3)})


class TestTimeOf:
    @pytest.mark.parametrize(
        ("stays", "minutes"),
        [
            ([stay(1, 3)], 120),
            ([stay(1, 3), stay(4, 5)], 180),
            ([stay(1, 3), stay(2, 4)], 180),
            ([stay(-1, 1)], 60),
            ([stay(7, 9)], 60),
            ([stay(6, None)], 120),
            ([stay(-3, -1)], 0),
        ],
    )
    def test_adds_stays_within_the_event(self, stays: list[Any], minutes: int) -> None:
        scanned = {"stays": stays, "sessions": []}
        assert time_of(scanned=scanned, on_sheet=17, timetable=PLAIN) == (minutes, "scans")

    def test_asks_the_sheet_where_no_exits_were_scanned(self) -> None:
        scanned = {"stays": [], "sessions": [str(FIRST)]}
        assert time_of(scanned=scanned, on_sheet=17, timetable=TAUGHT) == (17, "sheet")

    def test_counts_sessions_that_overlap_once(self) -> None:
        scanned = {"stays": [], "sessions": [str(FIRST), str(SECOND)]}
        assert time_of(scanned=scanned, on_sheet=None, timetable=TAUGHT) == (180, "sessions")

    def test_takes_what_was_on_where_nobody_says_anything(self) -> None:
        assert time_of(scanned=None, on_sheet=None, timetable=PLAIN) == (480, "event")
        assert time_of(scanned=None, on_sheet=None, timetable=TAUGHT) == (180, "event")

    def test_knows_nothing_of_a_session_that_is_gone(self) -> None:
        scanned = {"stays": [], "sessions": [str(FIRST)]}
        assert time_of(scanned=scanned, on_sheet=None, timetable=PLAIN) == (480, "event")
