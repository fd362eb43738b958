"""An entity and everything that belongs to it, and the document written from it at save. No queries here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from klaster_registry.entities.models import (
    Entity,
    EntityField,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
    EntityValidity,
)
from klaster_registry.periods import END, Period
from klaster_shared.dates import earliest, latest
from klaster_shared.text import fold, sort_key

Aspect = Literal[
    "registration",
    "cooperation",
    "partnership",
    "interest_group",
    "market",
    "kind",
    "digital_audit",
    "group",
    "network",
]
NO_NUMBER = 2**31 - 1  # orders by number put those without one last


@dataclass(slots=True)
class Whole:
    """An entity with its parts, as they are in the database or about to be."""

    entity: Entity
    names: list[EntityName] = field(default_factory=list)
    identifiers: list[EntityIdentifier] = field(default_factory=list)
    links: list[EntityLink] = field(default_factory=list)
    fields: list[EntityField] = field(default_factory=list)
    relations: list[EntityRelation] = field(default_factory=list)
    validities: list[EntityValidity] = field(default_factory=list)

    def of(self, aspect: Aspect) -> list[EntityValidity]:
        """What held in one respect, in order of time; what began and ended on one day left no trace."""
        rows = [row for row in self.validities if row.aspect == aspect and row.valid_from < row.valid_until]
        return sorted(rows, key=lambda row: (row.valid_from, row.value))


def rbw_text(number: int | None) -> str | None:
    """The number as people write it."""
    return None if number is None else f"RBW-{number:06d}"


def period_of(row: EntityValidity) -> Period:
    """The days of a row."""
    return Period(row.valid_from, row.valid_until)


def derive(whole: Whole) -> None:
    """Set the columns that follow from others: what lists are ordered, searched and filtered by."""
    entity = whole.entity
    entity.name = next((name.value for name in whole.names if name.role == "official"), whole.names[0].value)
    entity.sort_name = sort_key(entity.name)
    entity.number_order = NO_NUMBER if entity.rbw_number is None else entity.rbw_number
    entity.city_folded = fold(entity.city) if entity.city else None
    entity.search_text = _search_text(whole)
    entity.founded_first, entity.founded_last = _days(entity.founded_on)
    listed = str(entity.startup_listed_year) if entity.startup_listed_year else None
    entity.started_first, entity.started_last = _days(entity.founded_on or listed)


def _days(partial: str | None) -> tuple[date, date]:
    return (earliest(partial), latest(partial)) if partial else (END, END)


def _search_text(whole: Whole) -> str:
    words = [name.folded for name in whole.names]
    words += [identifier.value.lower() for identifier in whole.identifiers]
    words += [text for text in (whole.entity.city_folded, (rbw_text(whole.entity.rbw_number) or "").lower()) if text]
    # A bar between them: no search word contains one, so no match runs from one name into the next.
    return "|".join(dict.fromkeys(words))


def document_of(whole: Whole, conflicts: Collection[tuple[str, str]]) -> dict[str, Any]:
    """The record as lists, feeds and single reads answer with it; `conflicts` are identifiers that others claim too."""
    entity = whole.entity
    return {
        "id": entity.id,
        "rbw_number": rbw_text(entity.rbw_number),
        "name": entity.name,
        "names": [{"value": name.value, "lang": name.lang, "role": name.role} for name in whole.names],
        "existence": entity.existence,
        "registration": entity.registration,
        "interest_group": entity.interest_group,
        "fields": sorted(row.field for row in whole.fields),
        "legal_form": entity.legal_form,
        "startup": entity.startup,
        "startup_listed_year": entity.startup_listed_year,
        "founded_on": entity.founded_on,
        "closed_on": entity.closed_on,
        "seat": _seat(entity),
        "links": [{"type": link.type, "url": link.url} for link in whole.links],
        "identifiers": [_identifier(identifier, conflicts) for identifier in whole.identifiers],
        "relations": [
            {"kind": relation.kind, "label": relation.label, "scheme": relation.scheme, "value": relation.value}
            for relation in whole.relations
        ],
        "kinds": _codes(whole.of("kind")),
        "markets": _codes(whole.of("market")),
        "digital_audits": [{"kind": row.value, "on": row.valid_from} for row in whole.of("digital_audit")],
        "registrations": [{"state": row.value, **period_of(row).wire()} for row in whole.of("registration")],
        "interest_groups": _codes(whole.of("interest_group")),
        "groups": _codes(whole.of("group")),
        "networks": _codes(whole.of("network")),
        "cooperations": [period_of(row).wire() for row in whole.of("cooperation")],
        "partnerships": [period_of(row).wire() for row in whole.of("partnership")],
        "source": entity.source,
        "source_key": entity.source_key,
        "demonstration": entity.demonstration,
        "merged_into": None,
        "version": entity.version,
        "created_at": entity.created_at,
        "updated_at": entity.updated_at,
    }


def _seat(entity: Entity) -> dict[str, Any] | None:
    seat = {
        "street": entity.street,
        "postal_code": entity.postal_code,
        "city": entity.city,
        "subdivision": entity.subdivision,
        "country": entity.country,
        "latitude": entity.latitude,
        "longitude": entity.longitude,
        "geonames_id": entity.geonames_id,
    }
    return seat if any(value is not None for value in seat.values()) else None


def _identifier(row: EntityIdentifier, conflicts: Collection[tuple[str, str]]) -> dict[str, Any]:
    return {
        "scheme": row.scheme,
        "value": row.value,
        "verdict": row.verdict,
        "reason": row.reason,
        "source": row.source,
        "checked_at": row.checked_at,
        "conflict": (row.scheme, row.value) in conflicts,
    }


def _codes(rows: Iterable[EntityValidity]) -> list[dict[str, Any]]:
    return [{"code": row.value, **period_of(row).wire()} for row in rows]
