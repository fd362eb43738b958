"""Rules of units: codes are stable; what something is counted in is retired, never deleted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.units import repository
from klaster_indicators.units.errors import UnitExists, UnitInUse, UnitNotFound
from klaster_indicators.units.models import Unit
from klaster_indicators.units.schemas import UnitCreate, UnitListParameters, UnitUpdate
from klaster_shared.changes import Kind, record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label, Language, label_text

COLLECTION = "units"
UnitNames = Mapping[str, Label]


async def list_units(session: AsyncSession, *, parameters: UnitListParameters, today: date) -> Sequence[Unit]:
    """One page, and one row more where there is more."""
    return await repository.page(session, parameters)


async def count_units(session: AsyncSession, *, parameters: UnitListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for; none is demonstration data."""
    return await repository.count(session, parameters), 0


async def get_unit(session: AsyncSession, *, record_id: UUID, held: bool = False) -> Unit:
    """One unit (`held` where it is to be changed); raises UnitNotFound."""
    found = await repository.find(session, record_id, held=held)
    if found is None:
        raise UnitNotFound(f"There is no unit {record_id}")
    return found


async def create_unit(session: AsyncSession, *, given: UnitCreate, now: datetime) -> Unit:
    """Add a unit; raises UnitExists."""
    taken = await repository.find_code(session, given.code)
    if taken is not None:
        raise UnitExists(f"There is a unit {given.code} already", existing=str(taken.id))
    unit = Unit(
        id=new_id(),
        code=given.code,
        name_pl=given.name.pl,
        name_en=given.name.en,
        retired=False,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(unit)
    await session.flush()
    _note(session, unit, "created")
    return unit


async def change_unit(session: AsyncSession, *, record: Unit, given: UnitUpdate, now: datetime) -> Unit:
    """Rename a unit that is held, retire it, or take it back; a change of nothing changes nothing."""
    said = given.model_dump(exclude_unset=True)
    if "name" in said:
        name = said.pop("name")
        said |= {"name_pl": name["pl"], "name_en": name["en"]}
    changed = [name for name, value in said.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, said[name])
    if changed:
        record.version += 1
        record.updated_at = now
        _note(session, record, "updated", list(dict.fromkeys(name.partition("_")[0] for name in changed)))
    return record


async def delete_unit(session: AsyncSession, *, record: Unit) -> None:
    """Remove a unit that nothing is counted in; raises UnitInUse."""
    if await repository.is_used(session, record.code):
        raise UnitInUse(f"Something is counted in {record.code}: retire it instead")
    await repository.remove(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)


async def unit_names(session: AsyncSession) -> UnitNames:
    """What every unit is called, by its code."""
    return {row.code: Label(pl=row.name_pl, en=row.name_en) for row in await repository.every(session)}


async def known_units(session: AsyncSession) -> frozenset[str]:
    """The codes of all units, retired ones too; none goes before this transaction ends."""
    return frozenset(row.code for row in await repository.every(session, held=True))


async def require_unit(session: AsyncSession, *, code: str | None) -> None:
    """Refuse to count something new in a unit that is not there, or is retired; raises Invalid."""
    if code is None:
        return
    found = await repository.find_code(session, code)
    if found is None:
        raise Invalid.field("/unit", "unknown_unit", f"There is no unit {code}")
    if found.retired:
        raise Invalid.field("/unit", "retired_unit", f"{code} is retired: nothing new is counted in it")


def name_of(names: UnitNames, code: str, language: str) -> str:
    """What a unit is called; its code where nobody has named it."""
    label = names.get(code)
    return code if label is None else (label.pl if language == "pl" else label.en)


async def records_of(
    session: AsyncSession, *, records: Sequence[Unit], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Units as they are written in answers."""
    return [_record(unit, language) for unit in records]


def _record(unit: Unit, language: Language) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "name": label_text(unit.name_pl, unit.name_en, language),
        "retired": unit.retired,
        "version": unit.version,
        "created_at": unit.created_at,
        "updated_at": unit.updated_at,
    }


def _note(session: AsyncSession, unit: Unit, kind: Kind, changed: Sequence[str] = ()) -> None:
    record_change(session, kind=kind, collection=COLLECTION, id=unit.id, changed=changed, record=_record(unit, "all"))
