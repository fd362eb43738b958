"""A booking as it is written. No queries here."""

from typing import Any
from uuid import UUID

from klaster_events.bookings.models import Blackout, Booking
from klaster_events.resources.models import Resource
from klaster_events.resources.records import name_of
from klaster_shared.labels import Language

_PLAIN = (
    "person_id",
    "starts_at",
    "ends_at",
    "state",
    "ended_by",
    "terms_version",
    "demonstration",
    "version",
    "created_at",
    "updated_at",
)


def record_of(booking: Booking, resource: Resource, language: Language, named: dict[UUID, Any]) -> dict[str, Any]:
    """What is told of a booking without naming who comes, nor what for."""
    return {
        "id": booking.id,
        "resource": {"id": resource.id, "kind": resource.kind, "name": name_of(resource, language)},
        "owner": named[resource.owner_id],
        "entity": named[booking.entity_id],
        **{name: getattr(booking, name) for name in _PLAIN},
    }


def blackout_record(row: Blackout) -> dict[str, Any]:
    """A time without bookings."""
    return {name: getattr(row, name) for name in ("id", "starts_at", "ends_at", "note", "created_at")}
