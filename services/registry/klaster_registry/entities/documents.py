"""An entity and everything that belongs to it, and the document written from it at save. No queries here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from klaster_registry.entities.models import (
    Entity,
    EntityBranch,
    EntityField,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
    EntitySector,
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
    "advisory_body",
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
    sectors: list[EntitySector] = field(default_factory=list)
    branches: list[EntityBranch] = field(default_factory=list)
    relations: list[EntityRelation] = field(default_factory=list)
    validities: list[EntityValidity] = field(default_factory=list)

    def parts(self) -> tuple[Sequence[Any], ...]:
        """Its parts, table by table."""
        return (
            self.names,
            self.identifiers,
            self.links,
            self.fields,
            self.sectors,
            self.branches,
            self.relations,
            self.validities,
        )

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
    for branch in whole.branches:
        branch.abroad = bool(entity.country and branch.country and branch.country != entity.country)
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
        "sectors": sorted(row.sector for row in whole.sectors),
        "legal_form": entity.legal_form,
        "startup": entity.startup,
        "startup_listed_year": entity.startup_listed_year,
        "founded_on": entity.founded_on,
        "closed_on": entity.closed_on,
        "seat": _seat(entity),
        "branches": [_branch(branch) for branch in whole.branches],
        "links": [{"type": link.type, "url": link.url} for link in whole.links],
        "identifiers": [_identifier(identifier, conflicts) for identifier in whole.identifiers],
        "relations": [
            {
                "kind": relation.kind,
                "label": relation.label,
                "scheme": relation.scheme,
                "value": relation.value,
                "entity": relation.target_id,
            }
            for relation in whole.relations
        ],
        "kinds": _codes(whole.of("kind")),
        "markets": _codes(whole.of("market")),
        "digital_audits": [{"kind": row.value, "on": row.valid_from} for row in whole.of("digital_audit")],
        "registrations": [{"state": row.value, **period_of(row).wire()} for row in whole.of("registration")],
        "interest_groups": _codes(whole.of("interest_group")),
        "groups": _codes(whole.of("group")),
        "networks": _codes(whole.of("network")),
        "advisory_bodies": _codes(whole.of("advisory_body")),
        "cooperations": [period_of(row).wire() for row in whole.of("cooperation")],
        "partnerships": [period_of(row).wire() for row in whole.of("partnership")],
        "source": entity.source,
        "source_key": entity.source_key,
        "demonstration": entity.demonstration,
        "merged_into": entity.merged_into,
        "version": entity.version,
        "created_at": entity.created_at,
        "updated_at": entity.updated_at,
    }


_HELD = (
    "kinds",
    "markets",
    "interest_groups",
    "groups",
    "networks",
    "advisory_bodies",
    "cooperations",
    "partnerships",
    "branches",
)


def on_day(document: dict[str, Any], day: date) -> dict[str, Any]:
    """The record as it was true on a day: what holds for a time is cut down to what held then.

    Properties without validity (names, seat, identifiers) are today's.
    """
    found = dict(document)
    for name in _HELD:
        # What was recorded before a property was known lacks it.
        found[name] = [item for item in document.get(name, ()) if _held(item, day)]
    found["registrations"] = [item for item in document["registrations"] if _held(item, day)]
    found["digital_audits"] = [item for item in document["digital_audits"] if item["on"] <= day.isoformat()]
    found["registration"] = next((item["state"] for item in found["registrations"]), "none")
    found["interest_group"] = next((item["code"] for item in found["interest_groups"]), None)
    return found


def _held(item: dict[str, Any], day: date) -> bool:
    # Days in ISO form compare as text.
    asked = day.isoformat()
    return (item["from"] or asked) <= asked <= (item["to"] or asked)


def _seat(entity: Entity) -> dict[str, Any] | None:
    seat = _place(entity)
    return seat if any(value is not None for value in seat.values()) else None


def _branch(branch: EntityBranch) -> dict[str, Any]:
    period = Period(branch.valid_from, branch.valid_until)
    return {"kind": branch.kind, "name": branch.name, **_place(branch), "abroad": branch.abroad, **period.wire()}


def _place(row: Entity | EntityBranch) -> dict[str, Any]:
    return {
        "street": row.street,
        "postal_code": row.postal_code,
        "city": row.city,
        "subdivision": row.subdivision,
        "country": row.country,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "geonames_id": row.geonames_id,
    }


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
