"""What is to become of the rows of a chunk, found by reading alone: a rehearsal is this and nothing more."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json, to_json, to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts
from klaster_registry.entities.documents import Whole
from klaster_registry.entities.identifiers import check
from klaster_registry.entities.schemas import EntityUpdate
from klaster_registry.imports import cells, repository
from klaster_registry.imports.models import Import
from klaster_registry.imports.reading import Row, cells_of
from klaster_registry.imports.schemas import Verdict
from klaster_registry.loading import ror
from klaster_registry.loading.operations import Stated, what_is_known
from klaster_registry.loading.schemas import EntityStated
from klaster_registry.taxonomies.operations import check_codes
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.text import fold

AT_ONCE = 25  # rows, then others are answered: reading one takes a third of a millisecond
_WRITABLE = tuple(EntityUpdate.model_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A row with its verdict, and what applying it takes."""

    number: int
    verdict: Verdict = "created"
    label: str | None = None
    key: str | None = None
    entity_id: UUID | None = None
    changed: Sequence[str] = ()
    duplicate_of: Sequence[Mapping[str, str]] = ()
    errors: Sequence[FieldError] = ()
    # What the row says, until it is known what that means.
    said: Mapping[str, Any] = field(default_factory=dict)
    given: EntityStated | None = None
    stated: Stated | None = None
    whole: Whole | None = None
    update: EntityUpdate | None = None

    def rejected(self, errors: Sequence[FieldError]) -> "Plan":
        """The row with what is wrong with it."""
        return replace(self, verdict="rejected", errors=errors, whole=None, update=None, stated=None)


@dataclass(frozen=True, slots=True)
class _Known:
    """Entities that rows of a chunk name."""

    by_id: Mapping[UUID, Any]
    by_number: Mapping[str, Any]
    by_key: Mapping[str, Any]


async def plan(session: AsyncSession, asked: Import, rows: Sequence[Row], *, now: datetime) -> list[Plan]:
    """The verdict on each row, as things stand."""
    read = []
    for at, row in enumerate(rows):
        read.append(_read(row, asked))
        if at % AT_ONCE == 0:
            await asyncio.sleep(0)
    read = await _without_repeated(session, asked, read)
    if asked.format == "ror":
        return await _plan_ror(session, asked, read)
    known = await _known(session, asked, read)
    planned = [_against(one, known) if one.verdict != "rejected" else one for one in read]
    planned = await _proposed(session, asked, planned)
    return [await _made(session, one, now) for one in planned]


def _read(row: Row, asked: Import) -> Plan:
    """A row as it stands in the file; what cannot be read is rejected here."""
    blank = Plan(number=row.number)
    if row.wrong is not None:
        return blank.rejected([FieldError(pointer="", code="unreadable", detail=row.wrong)])
    try:
        if asked.format == "ror":
            return _read_ror(row)
        if asked.format == "ndjson":
            return _read_record(row, asked)
        return _read_cells(row, asked)
    except Invalid as problem:
        return blank.rejected(cells.pointers(problem.errors))
    except ValidationError as error:
        return blank.rejected(cells.pointers(_errors(error)))


def _errors(error: ValidationError) -> list[FieldError]:
    return [
        FieldError(pointer="".join(f"/{step}" for step in one["loc"]), code=one["type"], detail=one["msg"])
        for one in error.errors(include_url=False)
    ]


def _read_ror(row: Row) -> Plan:
    given = ror.entity_of(_mapping(row.said))
    stated = Stated.of(row.number, given)
    return Plan(
        number=row.number, label=given.names[0].value, key=_digest(stated.key), given=given, stated=stated, said={}
    )


def _read_record(row: Row, asked: Import) -> Plan:
    record = _mapping(row.said)
    if isinstance(record.get("record"), dict):  # a line of our own export, or of the feed
        if record.get("collection", "entities") != "entities":
            raise Invalid.field("/collection", "entities_alone", "Entities alone are taken in from a file")
        record = record["record"]
    said = {name: value for name, value in record.items() if name in _WRITABLE}
    if "identifiers" in said:
        kept = ("scheme", "value", "source")
        said["identifiers"] = [{name: one[name] for name in kept if name in one} for one in said["identifiers"] or ()]
    if isinstance(said.get("branches"), list):
        said["branches"] = [
            {name: value for name, value in one.items() if name != "abroad"} for one in said["branches"] or ()
        ]
    given = EntityStated.model_validate({**said, "source": asked.source, "source_key": record.get("source_key")})
    whom = {name: str(record[name]) for name in ("id", "rbw_number") if record.get(name)}
    key = str(record.get("source_key") or whom.get("id") or _name_key(given))
    own = record.get("source", asked.source) == asked.source
    return Plan(
        number=row.number,
        label=given.names[0].value,
        key=_digest(whom.get("id") or key),
        given=given,
        said={**whom, "record": said, "source_key": key if own else f"{record.get('source')}:{key}"},
    )


def _read_cells(row: Row, asked: Import) -> Plan:
    said = cells.said_by(cells_of(row.said, asked.mapping))
    whom = said.keys() & {"id", "rbw_number"}
    if "name" not in said and not whom:
        raise Invalid.field("/name", "missing", "The row names nobody: there is no name, id or RBW number")
    key = cells.key_in(said)
    made = cells.entity_in({"name": "-", **said})
    given = EntityStated.model_validate({**made, "source": asked.source, "source_key": key[:200]})
    return Plan(
        number=row.number,
        label=said.get("name"),
        key=_digest(str(said["id"]) if "id" in said else str(said.get("rbw_number", key))),
        given=given,
        said={**said, "source_key": key[:200]},
    )


def _mapping(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Invalid.field("", "no_record", "A record is a JSON object")
    return said


def _name_key(given: EntityStated) -> str:
    return f"{fold(given.names[0].value)}|{fold((given.seat and given.seat.city) or '')}"


def _digest(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest()


async def _without_repeated(session: AsyncSession, asked: Import, read: Sequence[Plan]) -> list[Plan]:
    """Of rows about the same organisation the first counts: two words of one file cannot both hold."""
    keys = {one.key for one in read if one.key is not None}
    seen = await repository.numbers_of(session, asked.id, keys) if keys else {}
    found = []
    for one in read:
        first = seen.setdefault(one.key, one.number) if one.key is not None else one.number
        detail = f"Row {first} is about the same organisation"
        again = [FieldError(pointer="", code="repeated", detail=detail)]
        found.append(one if first == one.number else one.rejected(again))
    return found


async def _plan_ror(session: AsyncSession, asked: Import, read: Sequence[Plan]) -> list[Plan]:
    """Records of ROR are what loading takes: known ones by their digest, new ones unless somebody else is the same."""
    live = {one.stated.key: one for one in read if one.stated is not None}
    known = await what_is_known(session, source=ror.SOURCE, keys=live.keys()) if live else {}
    planned: list[Plan] = []
    for one in read:
        found = known.get(one.stated.key) if one.stated is not None else None
        if one.stated is None or found is None:
            planned.append(one)
        elif found.digest is None or found.is_merged:
            because = [{"entity": str(found.entity_id), "because": "ror"}]
            planned.append(replace(one, verdict="duplicate", duplicate_of=because))
        elif found.digest == one.stated.digest:
            planned.append(replace(one, verdict="unchanged", entity_id=found.entity_id))
        else:
            planned.append(replace(one, verdict="updated", entity_id=found.entity_id))
    return await _proposed(session, asked, planned)


async def _known(session: AsyncSession, asked: Import, read: Sequence[Plan]) -> _Known:
    ids = {found for one in read if (found := _uuid(one.said.get("id"))) is not None}
    numbers = {int(text[4:]) for one in read if (text := str(one.said.get("rbw_number", "")))[4:].isdecimal()}
    keys = {str(one.said["source_key"]) for one in read if "source_key" in one.said}
    rows = await repository.entities_named(session, ids=ids, numbers=numbers, source=asked.source, keys=keys)
    return _Known(
        by_id={row[0]: row for row in rows},
        by_number={f"RBW-{row[1]:06d}": row for row in rows if row[1] is not None},
        by_key={row[3]: row for row in rows if row[2] == asked.source},
    )


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _against(one: Plan, known: _Known) -> Plan:
    """A row beside the entity that it names, if it names one."""
    said = one.said
    found = known.by_key.get(str(said.get("source_key")))
    if "id" in said:
        found = known.by_id.get(_uuid(said["id"]) or UUID(int=0), found)
    elif "rbw_number" in said:
        found = known.by_number.get(str(said["rbw_number"]))
        if found is None:
            detail = f"Nobody holds {said['rbw_number']}"
            return one.rejected([FieldError(pointer="/rbw_number", code="entity_not_found", detail=detail)])
    if found is None:
        if one.label is None:
            return one.rejected([FieldError(pointer="/id", code="entity_not_found", detail="There is no such entity")])
        return one
    if found[5] is not None:
        detail = f"It was merged into {found[5]}"
        return one.rejected([FieldError(pointer="/id", code="entity_moved", detail=detail)])
    return _change(one, found[0], from_json(found[4]))


def _change(one: Plan, entity_id: UUID, record: Mapping[str, Any]) -> Plan:
    if "record" in one.said:
        assert one.given is not None
        stated = to_jsonable_python(one.given.model_dump(by_alias=True, include=set(one.said["record"])))
        change = {name: value for name, value in stated.items() if _said_otherwise(name, value, record)}
    else:
        change = cells.change_in(one.said, record)
    if not change:
        return replace(one, verdict="unchanged", entity_id=entity_id)
    try:
        update = EntityUpdate.model_validate(change)
    except ValidationError as error:
        return one.rejected(cells.pointers(_errors(error)))
    return replace(one, verdict="updated", entity_id=entity_id, update=update, changed=sorted(change))


def _said_otherwise(name: str, value: Any, record: Mapping[str, Any]) -> bool:
    """Whether a property as a record states it is not what stands already; what is derived is not compared."""
    held = record.get(name)
    if name == "identifiers":
        stated = {(item["scheme"], check(item["scheme"], item["value"]).value) for item in value}
        return stated != {(item["scheme"], item["value"]) for item in held or ()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        names = value[0].keys()
        return value != [{key: item.get(key) for key in names} for item in held or ()]
    if name in {"fields", "sectors"}:
        return sorted(value) != sorted(held or ())
    return value != held and bool(value or held)


async def _proposed(session: AsyncSession, asked: Import, planned: Sequence[Plan]) -> list[Plan]:
    """New rows that name somebody of another source: by an identifier, or else by name and town."""
    new = [one for one in planned if one.verdict == "created" and one.given is not None]
    if not new or asked.duplicates == "add":
        return list(planned)
    source = new[0].given.source if new[0].given is not None else asked.source
    claims = {claim for one in new for claim in _claims(one)}
    names = {fold(name.value) for one in new for name in (one.given.names if one.given else ())}
    claimed = await repository.claimants(session, claims, besides=source)
    named = await repository.namesakes(session, names, besides=source)
    return [_proposal(one, claimed, named) if one.verdict == "created" else one for one in planned]


def _claims(one: Plan) -> list[tuple[str, str]]:
    assert one.given is not None
    checked = [(given.scheme, check(given.scheme, given.value)) for given in one.given.identifiers]
    return [(scheme, found.value) for scheme, found in checked if found.verdict != "invalid"]


def _proposal(
    one: Plan, claimed: Mapping[tuple[str, str], list[UUID]], named: Mapping[tuple[str, str], list[UUID]]
) -> Plan:
    assert one.given is not None
    because: dict[UUID, str] = {}
    for claim in _claims(one):
        for entity_id in claimed.get(claim, ()):
            because.setdefault(entity_id, claim[0])
    town = fold(one.given.seat.city) if one.given.seat and one.given.seat.city else None
    if not because and town is not None:
        for name in one.given.names:
            for entity_id in named.get((fold(name.value), town), ()):
                because.setdefault(entity_id, "name_and_town")
    if not because:
        return one
    found = [{"entity": str(entity_id), "because": why} for entity_id, why in because.items()]
    return replace(one, verdict="duplicate", duplicate_of=found)


async def _made(session: AsyncSession, one: Plan, now: datetime) -> Plan:
    """A new entity as it will be written, or a change whose codes are known; what is wrong with them shows here."""
    try:
        if one.verdict == "updated" and one.update is not None:
            await check_codes(session, parts.codes_to_check(one.update))
        if one.verdict != "created" or one.given is None:
            return one
        await check_codes(session, parts.codes_to_check(one.given))
        entity_id = new_id()
        key = str(one.said.get("source_key") or entity_id)[:200]
        if any(relation.entity for relation in one.given.relations):
            raise Invalid.field("/relations", "linked", "A new record names others by label or identifier")
        entity = parts.new_entity(one.given, entity_id=entity_id, source_key=key, now=now)
        return replace(one, whole=parts.new_whole(entity, one.given, now, {}))
    except Invalid as problem:
        return one.rejected(cells.pointers(problem.errors))


def row_of(import_id: UUID, one: Plan) -> dict[str, Any]:
    """The verdict as it is kept."""
    return {
        "import_id": import_id,
        "number": one.number,
        "verdict": one.verdict,
        "key": one.key if one.verdict != "rejected" else None,
        "label": one.label[:500] if one.label else None,
        "entity_id": one.whole.entity.id if one.whole is not None else one.entity_id,
        "changed": to_json(list(one.changed)).decode(),
        "duplicate_of": to_json(list(one.duplicate_of)).decode(),
        "errors": to_json(list(one.errors)).decode(),
    }
