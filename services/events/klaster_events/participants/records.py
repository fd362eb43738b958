"""A participant as it is written: in answers, in the feed, and for search. No queries here."""

from collections.abc import Iterator, Mapping
from typing import Any

from klaster_events.board.records import words_in
from klaster_events.board.words import stems_in
from klaster_events.editions.models import Edition
from klaster_events.editions.rules import most_meetings
from klaster_events.participants.models import Participant
from klaster_shared.labels import Language
from klaster_shared.text import fold


def record_of(
    participant: Participant, language: Language, *, name: str | None, entity: dict[str, Any] | None
) -> dict[str, Any]:
    """The record as others see it."""
    said = participant.about_pl or participant.about_en
    return {
        "id": participant.id,
        "edition_id": participant.edition_id,
        "name": name,
        "entity": entity,
        "kind": participant.kind,
        "languages": participant.languages,
        "fields": participant.fields,
        "about": words_in(participant.about_pl, participant.about_en, language) if said else None,
        "seeks": participant.seeks,
        "offers": participant.offers,
        "listed": participant.listed,
        "own": None,
        "withdrawn_at": participant.withdrawn_at,
        "version": participant.version,
        "created_at": participant.created_at,
        "updated_at": participant.updated_at,
    }


def own_part(participant: Participant, edition: Edition) -> dict[str, Any]:
    """What a participant tells the office alone."""
    return {
        "registration_id": participant.registration_id,
        "availability": participant.availability,
        "cap": participant.cap,
        "at_most": most_meetings(edition, kind=participant.kind, own=participant.cap),
    }


def feed_record(participant: Participant) -> dict[str, Any]:
    """The record in the change log, which outlives a person: nothing that they said of themselves."""
    return {
        "id": participant.id,
        "edition_id": participant.edition_id,
        "entity_id": participant.entity_id,
        "kind": participant.kind,
        "withdrawn_at": participant.withdrawn_at,
        "version": participant.version,
        "created_at": participant.created_at,
        "updated_at": participant.updated_at,
    }


def terms_of(participant: Participant) -> Iterator[tuple[str, str]]:
    """The terms by which a participant is found: kind and term."""
    yield from (("language", code) for code in participant.languages)
    yield from (("field", code) for code in participant.fields)
    for kind in ("seeks", "offers"):
        keywords = getattr(participant, kind)
        yield from ((kind, word) for word in dict.fromkeys(map(fold, keywords)))
        yield from ((f"{kind}_word", stem) for stem in stems_in(keywords))


def columns_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a request names; of words that change, the languages that it names."""
    values = dict(said)
    if "about" in values:
        about = values.pop("about")
        values |= {f"about_{code}": words for code, words in (about or {"pl": None, "en": None}).items()}
    return values


def wire_names(columns: list[str]) -> list[str]:
    """What the wire calls these columns."""
    return sorted({"about" if name.startswith("about_") else name for name in columns})
