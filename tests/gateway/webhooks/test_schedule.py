"""When messages are sent again."""

from datetime import UTC, datetime, timedelta

import pytest

from klaster_gateway.webhooks.schedule import pause_after, rest_after, wish_of

HOUR = 3600


class TestPause:
    @pytest.mark.parametrize(
        ("attempts", "seconds"),
        [
            *((1, 5), (2, 300), (3, 1800), (4, 2 * HOUR), (5, 5 * HOUR), (6, 10 * HOUR)),
            *((7, 14 * HOUR), (8, 20 * HOUR), (9, 24 * HOUR)),
        ],
    )
    def test_grows_as_standard_webhooks_suggests(self, attempts: int, seconds: int) -> None:
        assert pause_after(attempts, draw=lambda: 0.0) == timedelta(seconds=seconds)
        assert pause_after(attempts, draw=lambda: 1.0) == timedelta(seconds=seconds * 1.2)

    def test_ends_after_ten_tries(self) -> None:
        assert pause_after(10) is None

    @pytest.mark.parametrize(("wish", "seconds"), [(1, 5), (60, 60), (2 * HOUR, 2 * HOUR), (90 * HOUR, 24 * HOUR)])
    def test_is_as_long_as_a_receiver_asks_within_a_day(self, wish: int, seconds: int) -> None:
        assert pause_after(1, wish=timedelta(seconds=wish), draw=lambda: 0.0) == timedelta(seconds=seconds)


class TestRest:
    @pytest.mark.parametrize(("failures", "seconds"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (5000, 300)])
    def test_doubles_up_to_five_minutes(self, failures: int, seconds: int) -> None:
        assert rest_after(failures) == timedelta(seconds=seconds)

    def test_is_as_long_as_a_receiver_asks(self) -> None:
        assert rest_after(1, wish=timedelta(hours=1)) == timedelta(hours=1)


class TestWish:
    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            *((None, None), ("120", 120), ("0", 0), ("-1", None), ("1.5", None), ("²", None), ("9" * 40, None)),
            *(("Fri, 27 Nov 2026 10:00:30 GMT", 30), ("Fri, 27 Nov 2026 09:00:00 GMT", 0), ("Fri, 99 Nov", None)),
        ],
    )
    def test_is_read_in_seconds_or_as_a_time(self, header: str | None, seconds: int | None) -> None:
        expected = timedelta(seconds=seconds) if seconds is not None else None
        assert wish_of(header, now=datetime(2026, 11, 27, 10, tzinfo=UTC), draw=lambda: 0.0) == expected
