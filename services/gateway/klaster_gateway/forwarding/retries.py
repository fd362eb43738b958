"""Reads that are asked again: only where nothing was answered, and never so often that a service drowns in them."""

import random

from prometheus_client import Counter

AGAIN = 2  # times that one read is asked again
SHARE = 0.1  # of the requests to a service: what may be asked again over time
SAVED = 10.0  # that may be asked again at once, after a time without failures
_FIRST_WAIT = 0.02  # seconds; mostly the connection was stale, and the next one is good
_AGAIN = Counter("klaster_gateway_asked_again", "Reads asked again because a connection failed", ["service"])
_SPENT = Counter("klaster_gateway_budget_spent", "Reads that failed and could not be asked again", ["service"])


class Budget:
    """A bucket for each service: every request puts a share in, every repetition takes a whole one out."""

    def __init__(self, service: str) -> None:
        self._left = SAVED
        self._again, self._spent = _AGAIN.labels(service), _SPENT.labels(service)

    def note_request(self) -> None:
        """A request was sent for the first time."""
        self._left = min(SAVED, self._left + SHARE)

    def take(self) -> bool:
        """Whether one may be asked again."""
        if self._left < 1:
            self._spent.inc()
            return False
        self._left -= 1
        self._again.inc()
        return True


def pause(attempt: int) -> float:
    """Seconds before a repetition, longer each time, and never the same for all who wait."""
    return _FIRST_WAIT * float(4**attempt) * random.uniform(0.5, 1.5)  # noqa: S311 # no secret depends on it
