"""Rules of laboratories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.labs import repository
from klaster_registry.labs.errors import LabExists, LabNotFound
from klaster_registry.labs.models import Lab, LabArea
from klaster_registry.labs.schemas import AreaIn, LabCreate, LabListParameters, LabUpdate
from klaster_registry.periods import END, Period, PeriodIn, refuse_overlaps
from klaster_registry.search import operations as search
from klaster_registry.search.entries import Entry
from klaster_shared.changes import record_change
from klaster_shared.decimals import as_number
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label, Language, label_text
from klaster_shared.text import sort_key

COLLECTION = "labs"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of laboratories adds up to."""

    labs: int
    demonstration: int
    with_area: int
    area_m2: Decimal | None


async def list_labs(session: AsyncSession, *, parameters: LabListParameters, today: date) -> Sequence[Lab]:
    """One page, and one row more where there is more."""
    return await repository.labs_page(session, parameters, today=today)


async def measure_labs(session: AsyncSession, *, parameters: LabListParameters, today: date) -> Measured:
    """Count the laboratories that the parameters ask for, and add up their areas on that day."""
    return Measured(*await repository.measure(session, parameters, today=today))


async def count_labs(session: AsyncSession, *, parameters: LabListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    measured = await measure_labs(session, parameters=parameters, today=today)
    return measured.labs, measured.demonstration


async def get_lab(session: AsyncSession, *, record_id: UUID, held: bool = False) -> Lab:
    """One laboratory (`held` against other writers where it is to be changed); raises LabNotFound."""
    lab = await repository.find_lab(session, record_id, held=held)
    if lab is None:
        raise LabNotFound(f"There is no laboratory {record_id}")
    return lab


async def create_lab(session: AsyncSession, *, given: LabCreate, now: datetime) -> Lab:
    """Add a laboratory; raises EntityNotFound (its owner), LabExists, or Invalid where areas overlap."""
    lab_id = new_id()
    source_key = given.source_key or str(lab_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise LabExists(f"{given.source} has {source_key} already", existing=str(taken))
    owner = await entities.resolve(session, reference=given.owner)
    lab = Lab(
        id=lab_id,
        owner_id=owner,
        kind=given.kind,
        **_names(given.name),
        **_sharing(given.shared),
        note=given.note,
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    areas = _areas(lab_id, given.areas)
    session.add(lab)
    await session.flush()
    await repository.replace_areas(session, lab_id, areas)
    await _note(session, lab, "created", now.date())
    return lab


async def change_lab(session: AsyncSession, *, record: Lab, given: LabUpdate, now: datetime) -> Lab:
    """Merge a change into a laboratory that is held; raises EntityNotFound, or Invalid where areas overlap."""
    lab, values = record, dict[str, Any]()
    said = given.model_fields_set
    if "name" in said:
        values |= _names(given.name)  # type: ignore[arg-type]
    if "shared" in said:
        values |= _sharing(given.shared)  # type: ignore[arg-type]
    if "owner" in said:
        values["owner_id"] = await entities.resolve(session, reference=given.owner)  # type: ignore[arg-type]
    values |= {name: getattr(given, name) for name in ("kind", "note") if name in said}
    changed = [name for name, value in values.items() if getattr(lab, name) != value]
    for name in changed:
        setattr(lab, name, values[name])
    if "areas" in said:
        await repository.replace_areas(session, lab.id, _areas(lab.id, given.areas))  # type: ignore[arg-type]
        changed.append("areas")
    if changed:
        lab.version += 1
        lab.updated_at = now
        await _note(session, lab, "updated", now.date(), changed)
    return lab


async def delete_lab(session: AsyncSession, *, record: Lab) -> None:
    """Remove a laboratory; the feed keeps a tombstone."""
    await repository.delete_lab(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


async def records_of(
    session: AsyncSession, *, records: Sequence[Lab], day: date, language: Language
) -> list[dict[str, Any]]:
    """Laboratories as they are written in answers: two queries more, however many there are."""
    owners = await entities.names_of(session, ids=[lab.owner_id for lab in records])
    areas = await repository.areas_of(session, [lab.id for lab in records])
    return [_record(lab, owners[lab.owner_id], areas.get(lab.id, []), day, language) for lab in records]


def _record(lab: Lab, owner: str, areas: Sequence[LabArea], day: date, language: Language) -> dict[str, Any]:
    periods = [(area, Period(area.valid_from, area.valid_until)) for area in areas]
    today = next((area.area_m2 for area, period in periods if period.covers(day)), None)
    shared = None
    if lab.shared_from is not None:
        shared = Period(lab.shared_from, lab.shared_until or END).wire()
    return {
        "id": lab.id,
        "name": label_text(lab.name_pl, lab.name_en, language),
        "owner": {"id": lab.owner_id, "name": owner},
        "kind": lab.kind,
        "area_m2": None if today is None else as_number(today),
        "areas": [{"area_m2": as_number(area.area_m2), **period.wire()} for area, period in periods],
        "shared": shared,
        "note": lab.note,
        "source": lab.source,
        "source_key": lab.source_key,
        "demonstration": lab.demonstration,
        "version": lab.version,
        "created_at": lab.created_at,
        "updated_at": lab.updated_at,
    }


async def _note(session: AsyncSession, lab: Lab, kind: Any, day: date, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[lab], day=day, language="all")
    record_change(session, kind=kind, collection=COLLECTION, id=lab.id, changed=changed, record=record)
    await search.put(session, _entry(lab))


def _entry(lab: Lab) -> Entry:
    # Without its owner's name: that one changes elsewhere.
    return Entry(
        collection=COLLECTION,
        record_id=str(lab.id),
        title_pl=lab.name_pl,
        title_en=lab.name_en,
        demonstration=lab.demonstration,
    )


def _names(name: Label) -> dict[str, Any]:
    return {"name_pl": name.pl, "name_en": name.en, "sort_name": sort_key(name.pl)}


def _sharing(shared: PeriodIn | None) -> dict[str, Any]:
    period = shared.period() if shared else None
    return {
        "shared_from": period.valid_from if period else None,
        "shared_until": period.valid_until if period else None,
    }


def _areas(lab_id: UUID, given: Sequence[AreaIn]) -> list[LabArea]:
    periods = [item.period() for item in given]
    refuse_overlaps(periods, "/areas")
    return [
        LabArea(
            id=new_id(),
            lab_id=lab_id,
            area_m2=item.area_m2,
            valid_from=period.valid_from,
            valid_until=period.valid_until,
        )
        for item, period in zip(given, periods, strict=True)
    ]
