"""When a job that failed is tried again."""

import random
from datetime import timedelta

from klaster_shared.errors import Problem


def backoff(attempt: int) -> timedelta:
    """Wait before the next try: doubling from two seconds to ten minutes, with full jitter above half."""
    ceiling = min(600.0, 2.0**attempt)
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311 # no secret depends on it


def is_final(error: Exception) -> bool:
    """A refusal stays a refusal: trying again helps only where something was away."""
    return isinstance(error, Problem) and error.status < 500 and error.status not in {408, 409, 429}
