"""Metrics always, traces where an endpoint is set: FastAPI instruments itself once a provider stands."""

from functools import cache

from opentelemetry import metrics, trace
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.view import View
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from prometheus_client import disable_created_metrics

from klaster_shared.settings import PACKAGE_VERSION


@cache
def configure_telemetry(service: str, otlp_endpoint: str = "") -> None:
    """Set the process's providers, once."""
    disable_created_metrics()  # type: ignore[no-untyped-call] # a third of all lines, for what nobody asks
    resource = Resource.create({SERVICE_NAME: f"klaster-{service}", SERVICE_VERSION: PACKAGE_VERSION})
    requests = View(
        instrument_name="http.server.*",
        # What tells requests apart; the rest (scheme, version of HTTP) is the same here for all of them.
        attribute_keys={"http.route", "http.request.method", "http.response.status_code"},
    )
    reader = PrometheusMetricReader(scope_info_enabled=False)
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[reader], views=[requests]))
    if not otlp_endpoint:
        return
    # Imported here alone: the exporter costs memory that nobody who sends no traces should pay.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from klaster_shared.spans import DiscreetExporter

    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(DiscreetExporter(exporter)))
    trace.set_tracer_provider(provider)


def traces_are_sent() -> bool:
    """Whether spans of this process go anywhere."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
