"""What the gateway counts of requests: each operation with what came of it, and the time that services took."""

from prometheus_client import Counter, Histogram, Summary

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SECONDS = Histogram(
    "klaster_gateway_forwarded_seconds",
    "From the head of a request to the end of its answer",
    ["service", "status"],
    buckets=_BUCKETS,
)
# Hundreds of operations, each with its classes of status: two series of each, and the buckets are the services' own.
_ANSWERED = Summary(
    "klaster_gateway_operation_seconds",
    "From the head of a request to the end of its answer, however it was answered",
    ["operation", "status"],
)
_REFUSED = Counter("klaster_gateway_refused", "Requests that the gateway itself refused", ["code"])
NO_OPERATION = "none"  # a path of no operation: pages, probes, and whatever strangers try
_known: dict[tuple[str, int], Histogram] = {}
_known_operations: dict[tuple[str, int], Summary] = {}


def note_forwarded(service: str, status: int, seconds: float) -> None:
    """Count one request; the labelled child is kept, since finding it costs more than counting."""
    key = (service, status // 100)
    child = _known.get(key)
    if child is None:
        child = _known[key] = _SECONDS.labels(service, f"{key[1]}xx")
    child.observe(seconds)


def note_answered(operation: str, status: int, seconds: float) -> None:
    """Count one answer of the gateway."""
    key = (operation, status // 100)
    child = _known_operations.get(key)
    if child is None:
        child = _known_operations[key] = _ANSWERED.labels(operation, f"{key[1]}xx")
    child.observe(seconds)


def note_refused(code: str) -> None:
    """Count one refusal; the codes are those that problem documents have, all of them listed."""
    _REFUSED.labels(code).inc()
