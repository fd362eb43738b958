"""Parts of an entity, made from what a request or a source says. No queries here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from klaster_registry.entities.documents import Aspect, Whole
from klaster_registry.entities.identifiers import check
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
from klaster_registry.entities.places.schemas import BranchIn, SeatIn
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
from klaster_registry.periods import BEGINNING, END, Period, refuse_overlaps
from klaster_registry.taxonomies.operations import Taxonomy
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.text import fold

OWN_SOURCE = "office"
SEAT = tuple(SeatIn.model_fields)
PLAIN = ("existence", "interest_group", "legal_form", "startup", "startup_listed_year", "founded_on", "closed_on")
Linked = Mapping[str, tuple[UUID, str]]
"""For each reference that relations make: who it is, and the name."""


def name_rows(entity_id: UUID, names: Sequence[NameIn]) -> list[EntityName]:
    """Names in their order, with what they are searched by."""
    return [
        EntityName.plain(
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
            EntityIdentifier.plain(
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
        EntityLink.plain(entity_id=entity_id, position=position, type=link.type, url=link.url)
        for position, link in enumerate(links)
    ]


def field_rows(entity_id: UUID, codes: Iterable[str]) -> list[EntityField]:
    """Life-science fields, each once."""
    return [EntityField(entity_id=entity_id, field=code) for code in dict.fromkeys(codes)]


def sector_rows(entity_id: UUID, codes: Iterable[str]) -> list[EntitySector]:
    """Branches of the economy, each once."""
    return [EntitySector(entity_id=entity_id, sector=code) for code in dict.fromkeys(codes)]


def branch_rows(entity_id: UUID, branches: Sequence[BranchIn]) -> list[EntityBranch]:
    """Places beside the seat, in their order; whether they lie abroad is derived at save."""
    return [
        EntityBranch.plain(
            entity_id=entity_id,
            position=position,
            kind=branch.kind,
            name=branch.name,
            **{name: getattr(branch, name) for name in SEAT},
            abroad=False,
            valid_from=branch.period().valid_from,
            valid_until=branch.period().valid_until,
        )
        for position, branch in enumerate(branches)
    ]


def relation_rows(entity_id: UUID, relations: Sequence[RelationIn], linked: Linked) -> list[EntityRelation]:
    """Relations as their source states them, and with the entities that the office linked."""
    rows = []
    for position, relation in enumerate(relations):
        target, name = linked[relation.entity] if relation.entity else (None, "")
        rows.append(
            EntityRelation.plain(
                entity_id=entity_id,
                position=position,
                kind=relation.kind,
                label=relation.label or name,
                scheme=relation.scheme,
                value=relation.value,
                target_id=target,
            )
        )
    return rows


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
    return EntityValidity.plain(
        id=new_id(),
        entity_id=entity_id,
        aspect=aspect,
        value=value,
        valid_from=period.valid_from,
        valid_until=period.valid_until,
        note=note,
    )


def again(row: EntityValidity) -> EntityValidity:
    """The row as a new one: rows of one respect are deleted and written anew."""
    return EntityValidity.plain(**row.model_dump())


def codes_to_check(given: EntityCreate | EntityUpdate) -> list[tuple[Taxonomy, str, str]]:
    """Every code that the request names: taxonomy, pointer, code."""
    said = given.model_dump(include={"interest_group", "fields", "sectors", "kinds", "markets"})
    asked: list[tuple[Taxonomy, str, str]] = []
    if said.get("interest_group"):
        asked.append(("interest_groups", "/interest_group", said["interest_group"]))
    asked += [("fields", f"/fields/{at}", code) for at, code in enumerate(said.get("fields") or ())]
    asked += [("sectors", f"/sectors/{at}", code) for at, code in enumerate(said.get("sectors") or ())]
    asked += [("kinds", f"/kinds/{at}/code", item["code"]) for at, item in enumerate(said.get("kinds") or ())]
    asked += [("markets", f"/markets/{at}/code", item["code"]) for at, item in enumerate(said.get("markets") or ())]
    return asked


def new_entity(given: EntityCreate, *, entity_id: UUID, source_key: str, now: datetime) -> Entity:
    """A new entity, in no register yet; what follows from its parts is set when it is saved."""
    return Entity.plain(
        id=entity_id,
        **{name: getattr(given, name) for name in PLAIN},
        **seat_values(given.seat),
        registration="none",
        listed_until=END,
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        has_conflict=False,
        version=1,
        created_at=now,
        updated_at=now,
    )


def seat_values(seat: SeatIn | None) -> dict[str, Any]:
    """The columns of a seat, all empty where there is none."""
    return {name: getattr(seat, name) if seat else None for name in SEAT}


def new_whole(entity: Entity, given: EntityCreate, now: datetime, linked: Linked) -> Whole:
    """A new entity with the parts that the request names; raises Invalid as the parts do."""
    whole = Whole(
        entity,
        names=name_rows(entity.id, given.names),
        identifiers=identifier_rows(entity.id, given.identifiers, source=given.source, now=now),
        links=link_rows(entity.id, given.links),
        fields=field_rows(entity.id, given.fields),
        sectors=sector_rows(entity.id, given.sectors),
        branches=branch_rows(entity.id, given.branches),
        relations=relation_rows(entity.id, given.relations, linked),
        validities=[
            *code_rows(entity.id, "kind", given.kinds, "/kinds"),
            *code_rows(entity.id, "market", given.markets, "/markets"),
            *audit_rows(entity.id, given.digital_audits),
        ],
    )
    if given.interest_group:
        whole.validities.append(validity(entity.id, "interest_group", given.interest_group, Period()))
    return whole


def replace_parts(whole: Whole, given: EntityUpdate, now: datetime, linked: Linked) -> list[tuple[Any, Sequence[Any]]]:
    """Put the lists that the request names in place of the old ones; which tables are to be written anew, and how."""
    entity, said = whole.entity, given.model_fields_set
    replaced: list[tuple[Any, Sequence[Any]]] = []
    if "names" in said:
        whole.names = name_rows(entity.id, given.names)  # type: ignore[arg-type]
        replaced.append((EntityName, whole.names))
    if "identifiers" in said:
        rows = identifier_rows(entity.id, given.identifiers, source=OWN_SOURCE, now=now)  # type: ignore[arg-type]
        whole.identifiers = with_known_times(rows, whole.identifiers)
        replaced.append((EntityIdentifier, whole.identifiers))
    if "links" in said:
        whole.links = link_rows(entity.id, given.links)  # type: ignore[arg-type]
        replaced.append((EntityLink, whole.links))
    if "fields" in said:
        whole.fields = field_rows(entity.id, given.fields)  # type: ignore[arg-type]
        replaced.append((EntityField, whole.fields))
    if "sectors" in said:
        whole.sectors = sector_rows(entity.id, given.sectors)  # type: ignore[arg-type]
        replaced.append((EntitySector, whole.sectors))
    if "branches" in said:
        whole.branches = branch_rows(entity.id, given.branches)  # type: ignore[arg-type]
        replaced.append((EntityBranch, whole.branches))
    if "relations" in said:
        whole.relations = relation_rows(entity.id, given.relations, linked)  # type: ignore[arg-type]
        replaced.append((EntityRelation, whole.relations))
    return replaced


def replace_periods(whole: Whole, given: EntityUpdate, today: date) -> list[Aspect]:
    """Put the periods that the request names in place of the old ones; which respects are to be written anew."""
    entity, said = whole.entity, given.model_fields_set
    new: dict[Aspect, list[Any]] = {}
    if "kinds" in said:
        new["kind"] = code_rows(entity.id, "kind", given.kinds, "/kinds")  # type: ignore[arg-type]
    if "markets" in said:
        new["market"] = code_rows(entity.id, "market", given.markets, "/markets")  # type: ignore[arg-type]
    if "digital_audits" in said:
        new["digital_audit"] = audit_rows(entity.id, given.digital_audits)  # type: ignore[arg-type]
    for aspect, rows in new.items():
        whole.validities = [row for row in whole.validities if row.aspect != aspect] + rows
    if "interest_group" in said and given.interest_group != entity.interest_group:
        _move_group(whole, given.interest_group, today)  # type: ignore[arg-type]
        return [*new, "interest_group"]
    return list(new)


def _move_group(whole: Whole, code: str | None, today: date) -> None:
    """The group of before ends yesterday, the new one begins today; the first ever held always."""
    held = [row for row in whole.validities if row.aspect == "interest_group"]
    for row in held:
        row.valid_until = min(row.valid_until, max(today, row.valid_from))
    if code is not None:
        period = Period(today if held else BEGINNING, END)
        whole.validities.append(validity(whole.entity.id, "interest_group", code, period))
