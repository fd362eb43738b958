"""One try of a piece of background work, as it is watched: in lines, in numbers, in a trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from opentelemetry import trace
from prometheus_client import Summary
from structlog.contextvars import bound_contextvars

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
