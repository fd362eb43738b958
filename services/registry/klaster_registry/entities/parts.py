"""Parts of an entity, made from what a request or a source says. No queries here."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from klaster_registry.entities.documents import Aspect
from klaster_registry.entities.identifiers import check
from klaster_registry.entities.models import (
    EntityField,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
    EntityValidity,
)
from klaster_registry.entities.schemas import (
    AuditIn,
    CodePeriodIn,
    EntityCreate,
    EntityUpdate,
    IdentifierIn,
    LinkIn,
    NameIn,
    RelationIn,
)
from klaster_registry.periods import Period, refuse_overlaps
from klaster_registry.taxonomies.operations import Taxonomy
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.text import fold

OWN_SOURCE = "office"


def name_rows(entity_id: UUID, names: Sequence[NameIn]) -> list[EntityName]:
    """Names in their order, with what they are searched by."""
    return [
        EntityName(
            entity_id=entity_id,
            position=position,
            value=name.value,
            folded=fold(name.value),
            lang=name.lang,
            role=name.role,
        )
        for position, name in enumerate(names)
    ]


def identifier_rows(
    entity_id: UUID, identifiers: Sequence[IdentifierIn], *, source: str, now: datetime
) -> list[EntityIdentifier]:
    """Identifiers with their verdict; one named twice counts once.

    Raises Invalid where the office itself writes a wrong one; one from an outside source is kept and marked.
    """
    rows: dict[tuple[str, str], EntityIdentifier] = {}
    wrong: list[FieldError] = []
    for position, given in enumerate(identifiers):
        found, said_by = check(given.scheme, given.value), given.source or source
        if found.verdict == "invalid" and said_by == OWN_SOURCE:
            detail = f"{given.value} is no valid {given.scheme}: {found.reason}"
            wrong.append(FieldError(pointer=f"/identifiers/{position}/value", code=str(found.reason), detail=detail))
        rows.setdefault(
            (given.scheme, found.value),
            EntityIdentifier(
                entity_id=entity_id,
                scheme=given.scheme,
                value=found.value,
                position=position,
                verdict=found.verdict,
                reason=found.reason,
                source=said_by,
                checked_at=now,
            ),
        )
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
    return list(rows.values())


def with_known_times(rows: list[EntityIdentifier], known: Iterable[EntityIdentifier]) -> list[EntityIdentifier]:
    """What says the same as before was checked when it was checked before."""
    before = {(row.scheme, row.value, row.source, row.verdict): row.checked_at for row in known}
    for row in rows:
        row.checked_at = before.get((row.scheme, row.value, row.source, row.verdict), row.checked_at)
    return rows


def link_rows(entity_id: UUID, links: Sequence[LinkIn]) -> list[EntityLink]:
    """Addresses on the web, in their order."""
    return [
        EntityLink(entity_id=entity_id, position=position, type=link.type, url=link.url)
        for position, link in enumerate(links)
    ]


def field_rows(entity_id: UUID, codes: Iterable[str]) -> list[EntityField]:
    """Life-science fields, each once."""
    return [EntityField(entity_id=entity_id, field=code) for code in dict.fromkeys(codes)]


def relation_rows(entity_id: UUID, relations: Sequence[RelationIn]) -> list[EntityRelation]:
    """Relations as their source states them."""
    return [
        EntityRelation(
            entity_id=entity_id,
            position=position,
            kind=relation.kind,
            label=relation.label,
            scheme=relation.scheme,
            value=relation.value,
        )
        for position, relation in enumerate(relations)
    ]


def code_rows(entity_id: UUID, aspect: Aspect, given: Sequence[CodePeriodIn], pointer: str) -> list[EntityValidity]:
    """Codes with their periods; raises Invalid where periods of one code overlap."""
    by_code: dict[str, list[Period]] = {}
    for item in given:
        by_code.setdefault(item.code, []).append(item.period())
    for periods in by_code.values():
        refuse_overlaps(periods, pointer)
    return [validity(entity_id, aspect, code, period) for code, periods in by_code.items() for period in periods]


def audit_rows(entity_id: UUID, audits: Sequence[AuditIn]) -> list[EntityValidity]:
    """Digital audits and roadmaps: from their date on the entity has one."""
    return [validity(entity_id, "digital_audit", audit.kind, Period(valid_from=audit.on)) for audit in audits]


def validity(entity_id: UUID, aspect: Aspect, value: str, period: Period, *, note: str | None = None) -> EntityValidity:
    """One row: what held, and when."""
    return EntityValidity(
        id=new_id(),
        entity_id=entity_id,
        aspect=aspect,
        value=value,
        valid_from=period.valid_from,
        valid_until=period.valid_until,
        note=note,
    )


def codes_to_check(given: EntityCreate | EntityUpdate) -> list[tuple[Taxonomy, str, str]]:
    """Every code that the request names: taxonomy, pointer, code."""
    said = given.model_dump(include={"interest_group", "fields", "kinds", "markets"})
    asked: list[tuple[Taxonomy, str, str]] = []
    if said.get("interest_group"):
        asked.append(("interest_groups", "/interest_group", said["interest_group"]))
    asked += [("fields", f"/fields/{at}", code) for at, code in enumerate(said.get("fields") or ())]
    asked += [("kinds", f"/kinds/{at}/code", item["code"]) for at, item in enumerate(said.get("kinds") or ())]
    asked += [("markets", f"/markets/{at}/code", item["code"]) for at, item in enumerate(said.get("markets") or ())]
    return asked
