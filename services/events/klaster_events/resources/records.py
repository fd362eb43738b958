"""A resource as it is written, and as its copy is made of what the registry tells. No queries here."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from klaster_events.resources.models import BookingRules, BookingTerms, Resource
from klaster_events.resources.schemas import ResourceFacts
from klaster_shared.labels import Label, Language, label_text
from klaster_shared.text import fold, sort_key

_OF_RULES = ("open", "zone", "hours", "slot_minutes", "most_slots", "notice_hours", "horizon_days", "approval")


def row_of(facts: ResourceFacts, kind: str, now: datetime) -> dict[str, Any]:
    """The copy's row."""
    text = [facts.name.pl, facts.name.en, *(facts.description.model_dump().values() if facts.description else ())]
    return {
        "id": facts.id,
        "kind": kind,
        "lab_id": facts.lab.id if facts.lab else None,
        "owner_id": facts.owner.id,
        "name_pl": facts.name.pl[:500],
        "name_en": facts.name.en[:500],
        "sort_name": sort_key(facts.name.pl),
        "search_text": "|".join(fold(one) for one in text),
        **_both("description", facts.description),
        **_both("terms", facts.terms),
        "price": facts.price,
        "fields": facts.fields,
        "field_codes": f"|{'|'.join(facts.fields)}|",
        "partners_only": facts.partners_only,
        "shared_from": facts.shared.from_ if facts.shared else None,
        "shared_to": facts.shared.to if facts.shared else None,
        "demonstration": facts.demonstration,
        "gone": False,
        "version": 1,
        "updated_at": now,
    }


def _both(name: str, label: Label | None) -> dict[str, str | None]:
    return {f"{name}_pl": label.pl if label else None, f"{name}_en": label.en if label else None}


def says_more(row: Mapping[str, Any], known: Resource | None) -> bool:
    """Whether what the registry tells is not what the copy has."""
    return known is None or any(
        getattr(known, name) != value for name, value in row.items() if name not in {"version", "updated_at"}
    )


def is_shared(resource: Resource, day: date) -> bool:
    """Whether others may use it on a day."""
    begun = resource.shared_from is not None and resource.shared_from <= day
    return begun and not resource.gone and (resource.shared_to is None or day <= resource.shared_to)


def name_of(resource: Resource, language: Language) -> str | dict[str, str]:
    """What it is called."""
    return label_text(resource.name_pl, resource.name_en, language)


def _text(pl: str | None, en: str | None, language: Language) -> str | dict[str, str] | None:
    return label_text(pl, en, language) if pl and en else None


def record_of(
    resource: Resource,
    language: Language,
    *,
    owner: dict[str, Any],
    lab: Resource | None,
    rules: BookingRules | None,
    terms: BookingTerms | None,
) -> dict[str, Any]:
    """The record as lists and single reads answer with it."""
    shared = {"from": resource.shared_from, "to": resource.shared_to} if resource.shared_from else None
    return {
        "id": resource.id,
        "kind": resource.kind,
        "name": name_of(resource, language),
        "owner": owner,
        "lab": {"id": resource.lab_id, "name": name_of(lab, language) if lab else None} if resource.lab_id else None,
        "description": _text(resource.description_pl, resource.description_en, language),
        "terms": _text(resource.terms_pl, resource.terms_en, language),
        "price": resource.price,
        "fields": resource.fields,
        "partners_only": resource.partners_only,
        "shared": shared,
        "booking": {**_values(rules), "terms": terms_record(terms, language)} if rules else None,
        "demonstration": resource.demonstration,
        "version": resource.version,
        "updated_at": resource.updated_at,
    }


def terms_record(terms: BookingTerms | None, language: Language) -> dict[str, Any] | None:
    """Terms with their number."""
    return {"version": terms.version, "text": label_text(terms.text_pl, terms.text_en, language)} if terms else None


def _values(rules: BookingRules) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in _OF_RULES}


def terms_key(rules: BookingRules) -> tuple[UUID, int] | None:
    """Where the terms that hold now stand."""
    return (rules.resource_id, rules.terms_version) if rules.terms_version is not None else None
