"""One's own registration as it is written in answers. No queries here."""

from datetime import datetime
from typing import Any

from klaster_events.agenda.models import AgendaSession
from klaster_events.consents.models import ConsentText
from klaster_events.events.records import summary_of
from klaster_events.own.operations import Own, steps_of
from klaster_shared.labels import Language, label_text


def record_of(own: Own, language: Language, *, now: datetime) -> dict[str, Any]:
    """The registration, what it is for, and what can be done with it."""
    one = own.registration
    return {
        "id": one.id,
        "state": one.state,
        "ended_by": one.ended_by if one.state == "cancelled" else None,
        "verified": one.verified_at is not None,
        "name": own.name,
        "place_in_queue": own.place_in_queue,
        "held_until": held_until(own, now=now),
        "code": own.code,
        "event": event_of(own, language),
        "sessions": [_session(session, chosen, language) for session, chosen in own.sessions],
        "consents": [_consent(text, language, given=given) for text, given in own.consents],
        "calendar": own.calendar,
        "certificate": own.certificate.certificate_number if own.certificate else None,
        "may": steps_of(own, now=now),
    }


def event_of(own: Own, language: Language) -> dict[str, Any]:
    """The event, as whoever is registered for it may see it."""
    return {**summary_of(own.event, language), "online_url": own.online_url}


def held_until(own: Own, *, now: datetime) -> datetime | None:
    """Until when an answer is waited for; a moment that has passed is not told: late mail gives its full time."""
    until = own.registration.expires_at
    return until if until is not None and until > now else None


def _session(one: AgendaSession, chosen: str | None, language: Language) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": label_text(one.title_pl, one.title_en, language),
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "room": one.room,
        "free": None if one.capacity is None else one.capacity - one.taken,
        "chosen": chosen,
    }


def _consent(text: ConsentText, language: Language, *, given: bool) -> dict[str, Any]:
    return {
        "purpose": text.purpose,
        "version": text.version,
        "text": label_text(text.text_pl, text.text_en, language),
        "required": text.required,
        "given": given,
    }
