"""The gateway's part of a trace: one span a request, the parent of all that services do for it (W3C trace context)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind
from starlette.types import Scope

from klaster_gateway.forwarding.head import Head
from klaster_shared import telemetry
from klaster_shared.logs import shown

_TRACER = trace.get_tracer("klaster.gateway")
_FIELDS = frozenset({"traceparent", "tracestate"})


def traced(scope: Scope, head: Head) -> AbstractContextManager[None]:
    """A span around the request, where traces are sent anywhere; what is passed on then names it as its parent."""
    return _traced(scope, head) if telemetry.traces_are_sent() else nullcontext()


@contextmanager
def _traced(scope: Scope, head: Head) -> Iterator[None]:
    parent = propagate.extract({name: value for name, value in head.forwarded if name in _FIELDS})
    attributes = {"http.request.method": scope["method"], "url.path": shown(scope["path"])}
    with _TRACER.start_as_current_span(scope["method"], context=parent, kind=SpanKind.SERVER, attributes=attributes):
        own: dict[str, str] = {}
        propagate.inject(own)
        head.forwarded = [pair for pair in head.forwarded if pair[0] not in _FIELDS] + list(own.items())
        yield


def note_answer(operation: str, status: int) -> None:
    """Say in the span of the request under way what it asked for, and what came of it."""
    span = trace.get_current_span()
    if span.is_recording():
        span.update_name(operation)
        span.set_attribute("http.response.status_code", status)
