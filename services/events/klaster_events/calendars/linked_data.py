"""An event in the words of schema.org, as JSON-LD: pure. No speakers, no link to join: they are not for everybody."""

from typing import Any
from zoneinfo import ZoneInfo

from klaster_events.agenda.models import AgendaSession
from klaster_events.calendars.operations import Described
from klaster_events.events.models import Event
from klaster_shared.labels import Language

MEDIA_TYPE = "application/ld+json"
_SCHEMA = "https://schema.org"
_STATUS = {"postponed": "EventPostponed", "cancelled": "EventCancelled"}


def linked_event(described: Described, *, language: Language, public_url: str) -> dict[str, Any]:
    """The event as search engines read it; what is not known is left out."""
    event, page = described.event, f"{public_url}/v1/events/{described.event.id}"
    document = {
        "@context": _SCHEMA,
        "@type": "Event",
        "@id": page,
        "identifier": str(event.id),
        "url": page,
        "name": _said(event.title_pl, event.title_en, language),
        "description": _said(event.description_pl, event.description_en, language),
        "keywords": _said(*described.type, language),
        "startDate": _written(event.starts_at, event.zone),
        "endDate": _written(event.ends_at, event.zone),
        "eventStatus": f"{_SCHEMA}/{_STATUS.get(event.state, 'EventScheduled')}",
        "eventAttendanceMode": f"{_SCHEMA}/{_mode(event)}",
        "location": _places(event, page),
        "organizer": [
            _organisation(one, public_url) for one in (described.organisers.first, *described.organisers.others)
        ],
        "inLanguage": event.languages,
        "superEvent": {"@type": "EventSeries", "name": _said(*described.series, language)}
        if described.series
        else None,
        "subEvent": [_part(one, event, language) for one in described.agenda],
        **_seats(event, page),
    }
    return {name: value for name, value in document.items() if value not in (None, [], "")}


def _said(polish: str | None, english: str | None, language: Language) -> Any:
    if polish is None or english is None:
        return None
    if language == "all":
        return [{"@language": "pl", "@value": polish}, {"@language": "en", "@value": english}]
    return polish if language == "pl" else english


def _written(moment: Any, zone: str) -> str:
    """On the clocks of the event, with their offset."""
    text: str = moment.astimezone(ZoneInfo(zone)).isoformat()
    return text


def _mode(event: Event) -> str:
    if not event.online:
        return "OfflineEventAttendanceMode"
    return "MixedEventAttendanceMode" if event.place else "OnlineEventAttendanceMode"


def _places(event: Event, page: str) -> list[dict[str, Any]]:
    """Where it takes place. The virtual one is the event's page: the link to join is for registered people."""
    real = [{"@type": "Place", "name": event.place, "address": event.place}] if event.place else []
    return [*real, *([{"@type": "VirtualLocation", "url": page}] if event.online else [])]


def _organisation(entity: dict[str, Any], public_url: str) -> dict[str, Any]:
    named = {"name": entity["name"]} if entity["name"] else {}
    return {"@type": "Organization", "@id": f"{public_url}/v1/entities/{entity['id']}", **named}


def _seats(event: Event, page: str) -> dict[str, Any]:
    if event.state not in {"published", "postponed"}:
        return {}
    offer: dict[str, Any] = {"@type": "Offer", "url": f"{page}/registrations", "validFrom": event.registration_from}
    if event.capacity is None:
        return {"offers": [{name: value for name, value in offer.items() if value}]}
    free = event.capacity - event.confirmed - event.held
    offer["availability"] = f"{_SCHEMA}/{'InStock' if free else 'SoldOut'}"
    return {
        "offers": [{name: value for name, value in offer.items() if value}],
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": free,
    }


def _part(one: AgendaSession, event: Event, language: Language) -> dict[str, Any]:
    part = {
        "@type": "Event",
        "name": _said(one.title_pl, one.title_en, language),
        "startDate": _written(one.starts_at, event.zone),
        "endDate": _written(one.ends_at, event.zone),
    }
    return {**part, "location": {"@type": "Place", "name": one.room, "address": event.place}} if one.room else part
