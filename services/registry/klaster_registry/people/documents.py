"""How a person is written for somebody who asks, and as an entry of the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from klaster_registry.people.models import Person, PersonConsent, PersonDetails, PersonRole
from klaster_registry.people.seeing import Sight
from klaster_registry.periods import Period
from klaster_registry.search.entries import Entry
from klaster_shared.labels import Language, label_text

COLLECTION = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A person with all that is known of them."""

    person: Person
    details: PersonDetails | None
    roles: Sequence[PersonRole]
    consents: Sequence[PersonConsent]


def person_record(whole: Whole, sight: Sight, names: Mapping[UUID, str], language: Language) -> dict[str, Any]:
    """A person as one viewer sees them."""
    person, details = whole.person, whole.details
    contact = details if sight.contact else None
    private = details if sight.private else None
    office = details if sight.office else None
    return {
        "id": person.id,
        "name": details.name if details else None,
        "title": details.title if details else None,
        "email": contact.email if contact else None,
        "phone": contact.phone if contact else None,
        "bio": _text(private.bio_pl, private.bio_en, language) if private else None,
        "roles": [_role(role, names, language) for role in sight.roles],
        "consents": [_consent(consent) for consent in whole.consents] if sight.office else None,
        "source": office.source if office else None,
        "source_key": office.source_key if office else None,
        "erased_on": person.erased_on,
        "demonstration": person.demonstration,
        "version": person.version,
        "created_at": person.created_at,
        "updated_at": person.updated_at,
    }


def person_entry(whole: Whole) -> Entry | None:
    """A person as everybody finds them; only for those who consented to be published."""
    if whole.details is None:
        return None
    return Entry(
        collection=COLLECTION,
        record_id=str(whole.person.id),
        title_pl=whole.details.name,
        title_en=whole.details.name,
        texts=[text for role in whole.roles for text in (role.function_pl, role.function_en) if text],
        demonstration=whole.person.demonstration,
        personal=True,
    )


def _role(role: PersonRole, names: Mapping[UUID, str], language: Language) -> dict[str, Any]:
    return {
        "entity": {"id": role.entity_id, "name": names[role.entity_id]} if role.entity_id else None,
        "body": role.body,
        "role": role.role,
        "function": _text(role.function_pl, role.function_en, language),
        **Period(role.valid_from, role.valid_until).wire(),
    }


def _consent(consent: PersonConsent) -> dict[str, Any]:
    return {
        "purpose": consent.purpose,
        "given_on": consent.given_on,
        "withdrawn_on": consent.withdrawn_on,
        "evidence": consent.evidence,
    }


def _text(pl: str | None, en: str | None, language: Language) -> Any:
    return label_text(pl, en, language) if pl and en else None
