"""What forwarding counts: how long requests took, by service and class of status."""

from prometheus_client import Histogram

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SECONDS = Histogram(
    "klaster_gateway_forwarded_seconds",
    "From the head of a request to the end of its answer",
    ["service", "status"],
    buckets=_BUCKETS,
)
_known: dict[tuple[str, int], Histogram] = {}


def note_forwarded(service: str, status: int, seconds: float) -> None:
    """Count one request; the labelled child is kept, since finding it costs more than counting."""
    key = (service, status // 100)
    child = _known.get(key)
    if child is None:
        child = _known[key] = _SECONDS.labels(service, f"{key[1]}xx")
    child.observe(seconds)
