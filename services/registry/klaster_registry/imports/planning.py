"""What is to become of the rows of a chunk, found by reading alone: a rehearsal is this and nothing more."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json, to_json, to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts
from klaster_registry.entities.identifiers import check
from klaster_registry.entities.schemas import EntityUpdate
from klaster_registry.imports import cells, repository
from klaster_registry.imports.duplicates import proposed
from klaster_registry.imports.models import Import
from klaster_registry.imports.reading import Row
from klaster_registry.imports.rows import Plan, errors_of, read_row
from klaster_registry.loading import ror
from klaster_registry.loading.operations import what_is_known
from klaster_registry.taxonomies.operations import check_codes
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id

AT_ONCE = 25  # rows, then others are answered: reading one takes a third of a millisecond
_NUMBER = re.compile(r"RBW-[0-9]{6,9}")


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
        read.append(read_row(row, asked))
        if at % AT_ONCE == 0:
            await asyncio.sleep(0)
    read = await _without_repeated(session, asked, read)
    if asked.format == "ror":
        return await _plan_ror(session, asked, read)
    known = await _known(session, asked, read)
    planned = [_against(one, known) if one.verdict != "rejected" else one for one in read]
    planned = await proposed(session, asked, planned)
    return [await _made(session, one, now) for one in planned]


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
    return await proposed(session, asked, planned)


async def _known(session: AsyncSession, asked: Import, read: Sequence[Plan]) -> _Known:
    ids = {found for one in read if (found := _uuid(one.said.get("id"))) is not None}
    numbers = {int(text[4:]) for one in read if _NUMBER.fullmatch(text := str(one.said.get("rbw_number", "")))}
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
        return one.rejected(cells.pointers(errors_of(error)))
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
