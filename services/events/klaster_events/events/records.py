"""An event as it is written: in answers, in the feed, and for search. No queries here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from klaster_events.events.models import Event
from klaster_shared.access import Role
from klaster_shared.labels import Language, label_text
from klaster_shared.text import fold


@dataclass(frozen=True, slots=True)
class Organisers:
    """Who organises an event: named as they are after all merges, and under the ids that the event was given."""

    first: dict[str, Any]
    others: list[dict[str, Any]]
    ids: frozenset[UUID]


def record_of(event: Event, language: Language, organisers: Organisers, *, online_url: bool) -> dict[str, Any]:
    """The record as lists and single reads answer with it; the online link for those alone who may know it."""
    free = None if event.capacity is None else event.capacity - event.confirmed - event.held
    seats = {"confirmed": event.confirmed, "held": event.held, "waiting": event.waiting, "free": free}
    return {
        **_plain(event, language, organisers),
        "online_url": event.online_url if online_url else None,
        "seats": seats,
    }


def summary_of(event: Event, language: Language) -> dict[str, Any]:
    """What others say of the event that they belong to: which it is, when, and where."""
    return {
        "id": event.id,
        "title": label_text(event.title_pl, event.title_en, language),
        "state": event.state,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone,
        "place": event.place,
        "online": event.online,
    }


def feed_record(event: Event, organisers: Organisers) -> dict[str, Any]:
    """The record in the feed: without seats, which move with every registration and are no change of the event.

    Without the online link too: who reads the feed need not be registered.
    """
    return _plain(event, "all", organisers)


def audience_of(event: Event) -> Role:
    """Whatever has been published for everybody stays public; feeds know no partners, so the rest is the office's."""
    return "anonymous" if event.state != "draft" and event.visibility == "public" else "office"


def searchable(event: Event) -> str:
    """What `q` looks through: a bar between parts, so that no match runs from one into the next."""
    return "|".join(fold(text) for text in (event.title_pl, event.title_en, event.place) if text)


def _plain(event: Event, language: Language, organisers: Organisers) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "series": event.series,
        "organiser": organisers.first,
        "co_organisers": organisers.others,
        "sig": event.sig,
        "path": event.path,
        "title": label_text(event.title_pl, event.title_en, language),
        "description": _described(event, language),
        "languages": event.languages or [],
        "visibility": event.visibility,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone,
        "place": event.place,
        "online": event.online,
        "registration_from": event.registration_from,
        "registration_until": event.registration_until,
        "approval": event.approval,
        "offer_hours": event.offer_hours,
        "questions": event.questions or [],
        "capacity": event.capacity,
        "state": event.state,
        "sequence": event.sequence,
        "present": event.present,
        "demonstration": event.demonstration,
        "source": event.source,
        "source_key": event.source_key,
        "version": event.version,
        "created_at": event.created_at,
        "updated_at": event.updated_at,
    }


def _described(event: Event, language: Language) -> str | dict[str, str] | None:
    if event.description_pl is None or event.description_en is None:
        return None
    return label_text(event.description_pl, event.description_en, language)
