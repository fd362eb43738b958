"""Editions and tables as they are written: in answers and in the feed. No queries here."""

from typing import Any

from klaster_events.editions.models import Edition, EditionTable
from klaster_events.editions.rules import edition_slots
from klaster_events.events import records as events
from klaster_events.events.models import Event
from klaster_events.events.records import summary_of
from klaster_shared.access import Role
from klaster_shared.labels import Language, label_text


def record_of(edition: Edition, event: Event, language: Language) -> dict[str, Any]:
    """The record as lists, single reads and the feed have it."""
    return {
        "id": edition.id,
        "event": summary_of(event, language),
        "state": edition.state,
        "slot_minutes": edition.slot_minutes,
        "break_minutes": edition.break_minutes,
        "windows": edition.windows,
        "acceptance": edition.acceptance,
        "requests_until": edition.requests_until,
        "answers_within_hours": edition.answers_within_hours,
        "cap_per_participant": edition.cap_per_participant,
        "kinds": [kind_record(kind, language) for kind in edition.kinds],
        "slots": len(edition_slots(edition, event)),
        "demonstration": event.demonstration,
        "version": edition.version,
        "created_at": edition.created_at,
        "updated_at": edition.updated_at,
    }


def kind_record(kind: dict[str, Any], language: Language) -> dict[str, Any]:
    """A kind of participant, named."""
    return {**kind, "name": label_text(kind["name"]["pl"], kind["name"]["en"], language)}


def audience_of(edition: Edition, event: Event) -> Role:
    """Whatever is not a draft is shown to whoever is shown its event."""
    return "office" if edition.state == "draft" else events.audience_of(event)


def table_record(table: EditionTable, *, online_url: bool) -> dict[str, Any]:
    """A table; its link for those alone who may know it."""
    return {
        "id": table.id,
        "code": table.code,
        "room": table.room,
        "online": table.online,
        "online_url": table.online_url if online_url else None,
        "windows": table.windows,
        "withdrawn_at": table.withdrawn_at,
        "version": table.version,
        "created_at": table.created_at,
        "updated_at": table.updated_at,
    }
