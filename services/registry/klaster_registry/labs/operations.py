"""Rules of laboratories."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.labs import documents, repository
from klaster_registry.labs.documents import ALL_YEARS, Parts, Years
from klaster_registry.labs.errors import LabExists, LabNotFound
from klaster_registry.labs.models import Lab
from klaster_registry.labs.schemas import LabCreate, LabListParameters, LabUpdate
from klaster_registry.periods import whole_years
from klaster_registry.search import operations as search
from klaster_registry.taxonomies.operations import check_codes
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language

COLLECTION = "labs"
ORDER = repository.ORDER  # of lists, for whoever reads one page by page
_PLAIN = ("kind", "note", "partners_only")
_COLUMNS: dict[str, Any] = {
    "name": documents.name_values,
    "shared": documents.sharing_values,
    "terms": documents.terms_values,
    "equipment": documents.equipment_values,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of laboratories adds up to."""

    labs: int
    demonstration: int
    with_area: int
    area_m2: Decimal | None


@dataclass(frozen=True, slots=True)
class Footprints:
    """What the carbon footprints of a set of laboratories add up to."""

    labs: int
    demonstration: int
    with_footprint: int
    tco2e: Decimal | None


@dataclass(frozen=True, slots=True)
class NamedLab:
    """A laboratory as others name it, and whose it is."""

    name_pl: str
    name_en: str
    owner_id: UUID
    owner: str


async def list_labs(session: AsyncSession, *, parameters: LabListParameters, today: date) -> Sequence[Lab]:
    """One page, and one row more where there is more."""
    return await repository.labs_page(session, parameters, today=today)


async def measure_labs(session: AsyncSession, *, parameters: LabListParameters, today: date) -> Measured:
    """Count the laboratories that the parameters ask for, and add up their areas on that day."""
    return Measured(*await repository.measure(session, parameters, today=today))


async def measure_footprints(session: AsyncSession, *, parameters: LabListParameters, today: date) -> Footprints:
    """Count the laboratories that the parameters ask for, and add up their footprints of the years asked for."""
    return Footprints(*await repository.measure_footprints(session, parameters, today=today))


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


async def named_labs(session: AsyncSession, *, ids: Iterable[UUID]) -> dict[UUID, NamedLab]:
    """Names and owners of these laboratories, for records that only know their ids."""
    labs = await repository.labs_by_id(session, set(ids))
    owners = await entities.names_of(session, ids=[lab.owner_id for lab in labs])
    return {lab.id: NamedLab(lab.name_pl, lab.name_en, lab.owner_id, owners[lab.owner_id]) for lab in labs}


async def create_lab(session: AsyncSession, *, given: LabCreate, now: datetime) -> Lab:
    """Add a laboratory; raises EntityNotFound (its owner), LabExists, or Invalid (areas overlap, unknown fields)."""
    lab_id = new_id()
    source_key = given.source_key or str(lab_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise LabExists(f"{given.source} has {source_key} already", existing=str(taken))
    await _check_fields(session, given.fields)
    lab = Lab(
        id=lab_id,
        owner_id=await entities.resolve(session, reference=given.owner),
        **{name: getattr(given, name) for name in _PLAIN},
        **{
            column: value
            for name, columns in _COLUMNS.items()
            for column, value in columns(getattr(given, name)).items()
        },
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    areas = documents.area_rows(lab_id, given.areas)
    session.add(lab)
    await session.flush()
    await repository.replace_areas(session, lab_id, areas)
    await repository.replace_footprints(session, lab_id, documents.footprint_rows(lab_id, given.carbon_footprints))
    await repository.replace_fields(session, lab_id, given.fields)
    await _note(session, lab, "created", now.date())
    return lab


async def change_lab(session: AsyncSession, *, record: Lab, given: LabUpdate, now: datetime) -> Lab:
    """Merge a change into a laboratory that is held; raises EntityNotFound, or Invalid as create_lab does.

    A change of nothing changes nothing.
    """
    lab, said, day = record, given.model_fields_set, now.date()
    [before] = await records_of(session, records=[lab], day=day, language="all")
    values: dict[str, Any] = {name: getattr(given, name) for name in _PLAIN if name in said}
    for name, columns in _COLUMNS.items():
        if name in said:
            values |= columns(getattr(given, name))
    if "owner" in said:
        values["owner_id"] = await entities.resolve(session, reference=given.owner)  # type: ignore[arg-type]
    for name, value in values.items():
        setattr(lab, name, value)
    await _replace_parts(session, lab.id, given)
    [after] = await records_of(session, records=[lab], day=day, language="all")
    changed = [name for name in LabUpdate.model_fields if before[name] != after[name]]
    if changed:
        lab.version += 1
        lab.updated_at = now
        await _note(session, lab, "updated", day, changed)
    return lab


async def _replace_parts(session: AsyncSession, lab_id: UUID, given: LabUpdate) -> None:
    """Write the lists that were given anew."""
    said: Any = given
    if "areas" in given.model_fields_set:
        await repository.replace_areas(session, lab_id, documents.area_rows(lab_id, said.areas))
    if "carbon_footprints" in given.model_fields_set:
        rows = documents.footprint_rows(lab_id, said.carbon_footprints)
        await repository.replace_footprints(session, lab_id, rows)
    if "fields" in given.model_fields_set:
        await _check_fields(session, said.fields)
        await repository.replace_fields(session, lab_id, said.fields)


async def delete_lab(session: AsyncSession, *, record: Lab) -> None:
    """Remove a laboratory; the feed keeps a tombstone."""
    await repository.delete_lab(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """What belonged to an entity belongs to the one that it was merged into."""
    for lab in await repository.labs_of(session, old):
        lab.owner_id = new
        lab.version += 1
        lab.updated_at = now
        await session.flush()
        await _note(session, lab, "updated", now.date(), ["owner"])


async def records_of(
    session: AsyncSession, *, records: Sequence[Lab], day: date, language: Language, years: Years = ALL_YEARS
) -> list[dict[str, Any]]:
    """Laboratories as they are written in answers: a query more for each kind of part, however many there are."""
    parts = await _parts_of(session, records)
    return [documents.lab_record(lab, parts[lab.id], day=day, years=years, language=language) for lab in records]


async def records_of_page(
    session: AsyncSession, *, records: Sequence[Lab], parameters: LabListParameters, today: date, language: Language
) -> list[dict[str, Any]]:
    """As `records_of`, with the area of the day and the carbon footprint of the years that the list was asked for."""
    years = whole_years(parameters.footprint_from, parameters.footprint_to)
    return await records_of(session, records=records, day=parameters.as_of or today, language=language, years=years)


async def _parts_of(session: AsyncSession, labs: Sequence[Lab]) -> dict[UUID, Parts]:
    ids = [lab.id for lab in labs]
    owners = await entities.names_of(session, ids=[lab.owner_id for lab in labs])
    areas = await repository.areas_of(session, ids)
    footprints = await repository.footprints_of(session, ids)
    fields = await repository.fields_of(session, ids)
    return {
        lab.id: Parts(owners[lab.owner_id], areas.get(lab.id, []), footprints.get(lab.id, []), fields.get(lab.id, []))
        for lab in labs
    }


async def _note(session: AsyncSession, lab: Lab, kind: Any, day: date, changed: Sequence[str] = ()) -> None:
    parts = (await _parts_of(session, [lab]))[lab.id]
    record = documents.lab_record(lab, parts, day=day, years=ALL_YEARS, language="all")
    record_change(session, kind=kind, collection=COLLECTION, id=lab.id, changed=changed, record=record)
    await search.put(session, documents.lab_entry(lab, parts))


async def _check_fields(session: AsyncSession, fields: Sequence[str]) -> None:
    await check_codes(session, [("fields", f"/fields/{at}", code) for at, code in enumerate(fields)])
