"""An event as it is written: in answers, in the feed, and for search. No queries here."""

from typing import Any

from klaster_events.events.models import Event
from klaster_shared.access import Role
from klaster_shared.labels import Language, label_text
from klaster_shared.text import fold


def record_of(event: Event, language: Language, organiser: dict[str, Any]) -> dict[str, Any]:
    """The record as lists and single reads answer with it."""
    free = None if event.capacity is None else event.capacity - event.confirmed - event.held
    seats = {"confirmed": event.confirmed, "held": event.held, "waiting": event.waiting, "free": free}
    return {**_plain(event, language, organiser), "seats": seats}


def feed_record(event: Event, organiser: dict[str, Any]) -> dict[str, Any]:
    """The record in the feed: without seats, which move with every registration and are no change of the event."""
    return _plain(event, "all", organiser)


def audience_of(event: Event) -> Role:
    """Drafts are the office's; whatever has been published stays public."""
    return "office" if event.state == "draft" else "anonymous"


def searchable(event: Event) -> str:
    """What `q` looks through: a bar between parts, so that no match runs from one into the next."""
    return "|".join(fold(text) for text in (event.title_pl, event.title_en, event.place) if text)


def _plain(event: Event, language: Language, organiser: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "series": event.series,
        "organiser": organiser,
        "sig": event.sig,
        "path": event.path,
        "title": label_text(event.title_pl, event.title_en, language),
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone,
        "place": event.place,
        "online": event.online,
        "capacity": event.capacity,
        "state": event.state,
        "present": event.present,
        "demonstration": event.demonstration,
        "source": event.source,
        "source_key": event.source_key,
        "version": event.version,
        "created_at": event.created_at,
        "updated_at": event.updated_at,
    }
