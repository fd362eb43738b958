"""One try of a piece of background work: how it is watched, and when another one is made."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

from opentelemetry import trace
from prometheus_client import Summary
from structlog.contextvars import bound_contextvars

from klaster_shared.errors import Problem
from klaster_shared.logs import set_request_id

_SECONDS = Summary("klaster_job_seconds", "How long tries of background work took", ["kind", "outcome"])
_TRACER = trace.get_tracer("klaster.jobs")


class JobCancelled(Exception):  # noqa: N818 # asked for, no error
    """Raised inside a handler, from `progress`, when its job is to stop."""


@contextmanager
def one_try(kind: str, job_id: str) -> Iterator[None]:
    """Everything that is logged, asked and traced in this block belongs to the job."""
    set_request_id(f"job-{job_id}")  # whom it asks writes this into their own lines
    started, outcome = perf_counter(), "failed"
    with bound_contextvars(job=job_id, kind=kind), _TRACER.start_as_current_span(f"job {kind}"):
        try:
            yield
            outcome = "done"
        except JobCancelled:
            outcome = "cancelled"
            raise
        finally:
            _SECONDS.labels(kind, outcome).observe(perf_counter() - started)


def backoff(attempt: int) -> timedelta:
    """Wait before the next try: doubling from two seconds to ten minutes, with full jitter above half."""
    ceiling = min(600.0, 2.0**attempt)
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311 # no secret depends on it


def is_final(error: Exception) -> bool:
    """Whether another try is of no use. A refusal stays a refusal: trying again helps only where something was away."""
    return isinstance(error, Problem) and error.status < 500 and error.status not in {408, 409, 429}
