"""When a message is sent again, and when it is not sent any more."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# What Standard Webhooks suggests: ten tries over three days. The first is at once.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2  # of a pause, at most, and only longer: many that failed together do not come back together
LONGEST_WISH = timedelta(hours=24)  # a receiver may ask for more patience with Retry-After, up to here
GIVE_UP_ON_RECEIVER = timedelta(days=3)  # nothing but failures for so long: it is paused until somebody looks
_FIRST_REST, _LONGEST_REST = 5.0, 300.0

Draw = Callable[[], float]


def pause_after(attempts: int, *, wish: timedelta | None = None, draw: Draw = random.random) -> timedelta | None:
    """How long to wait after so many failed tries; None: it has been tried often enough."""
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + JITTER * draw())
    return max(pause, min(wish, LONGEST_WISH)) if wish is not None else pause


def rest_after(failures: int, *, wish: timedelta | None = None) -> timedelta:
    """How long a receiver is left alone after so many failures in a row, whatever else waits for it."""
    rest = timedelta(seconds=min(_LONGEST_REST, _FIRST_REST * 2.0 ** min(failures - 1, 20)))
    return max(rest, min(wish, LONGEST_WISH)) if wish is not None else rest


def wish_of(retry_after: str | None, *, now: datetime, draw: Draw = random.random) -> timedelta | None:
    """How long a Retry-After header asks to wait, in seconds or until a time; None where it cannot be read."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) <= 9:
        return timedelta(seconds=int(retry_after)) * (1 + JITTER * draw())
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:  # "-0000": a time in UTC all the same
        until = until.replace(tzinfo=UTC)
    return max(until - now, timedelta(0)) * (1 + JITTER * draw())
