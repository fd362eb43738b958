"""How the gateway is served: the protocol below its door."""

from typing import Any

from klaster_gateway.cache.protocol import RepeatingProtocol
from klaster_gateway.door import Door
from klaster_gateway.limits.connections import Connections
from klaster_gateway.limits.slow import PatientProtocol
from klaster_gateway.settings import Settings


def protocol_of(door: Door, settings: Settings) -> type[PatientProtocol]:
    """The protocol with these patiences, in seconds; it answers what repeats itself, where answers are kept."""
    told: dict[str, Any] = {
        "head_seconds": settings.slow_head_seconds,
        "body_seconds": settings.slow_body_seconds,
        "reader_seconds": settings.slow_reader_seconds,
        "counted": Connections(most=settings.max_connections, trusted=settings.trusted_proxies),
    }
    if door.repeats is None:
        return type("PatientProtocol", (PatientProtocol,), told)
    return type("RepeatingProtocol", (RepeatingProtocol,), {**told, "repeats": door.repeats})
