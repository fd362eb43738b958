"""Spans as they leave the process: whoever reads traces must not be able to follow somebody's link, or see a name."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from klaster_shared.logs import harmless

# What somebody searched for may be a person's name.
_LEFT_OUT = frozenset({"url.query", "url.full", "http.url", "http.target"})


class DiscreetExporter(SpanExporter):
    """Hands spans on to another exporter, without signed links, keys, values of statements and queries."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export what may be seen."""
        return self._exporter.export([_discreet(span) for span in spans])

    def shutdown(self) -> None:
        """Close the other exporter."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the other exporter."""
        return self._exporter.force_flush(timeout_millis)


def _discreet(span: ReadableSpan) -> ReadableSpan:
    events = [Event(event.name, _attributes(event.attributes), event.timestamp) for event in span.events]
    description = span.status.description
    return ReadableSpan(
        name=harmless(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=events,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, harmless(description) if description else None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        name: harmless(value) if isinstance(value, str) else value
        for name, value in (attributes or {}).items()
        if name not in _LEFT_OUT
    }
