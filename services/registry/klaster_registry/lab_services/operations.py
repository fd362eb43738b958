"""Rules of laboratory services."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.lab_services import repository
from klaster_registry.lab_services.errors import LabServiceExists, LabServiceNotFound
from klaster_registry.lab_services.models import LabService
from klaster_registry.lab_services.schemas import LabServiceCreate, LabServiceListParameters, LabServiceUpdate
from klaster_registry.labs import operations as labs
from klaster_registry.labs.operations import NamedLab
from klaster_registry.periods import END, Period, PeriodIn
from klaster_registry.search import operations as search
from klaster_registry.search.entries import Entry
from klaster_registry.taxonomies.operations import check_codes
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label, Language, label_text
from klaster_shared.text import sort_key

COLLECTION = "lab_services"
ORDER = repository.ORDER  # of lists, for whoever reads one page by page
_PLAIN = ("price", "partners_only")


async def list_services(
    session: AsyncSession, *, parameters: LabServiceListParameters, today: date
) -> Sequence[LabService]:
    """One page, and one row more where there is more."""
    return await repository.services_page(session, parameters, today=today)


async def count_services(
    session: AsyncSession, *, parameters: LabServiceListParameters, today: date
) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count_services(session, parameters, today=today)


async def get_service(session: AsyncSession, *, record_id: UUID, held: bool = False) -> LabService:
    """One service (`held` where it is to be changed); raises LabServiceNotFound."""
    found = await repository.find_service(session, record_id, held=held)
    if found is None:
        raise LabServiceNotFound(f"There is no laboratory service {record_id}")
    return found


async def create_service(session: AsyncSession, *, given: LabServiceCreate, now: datetime) -> LabService:
    """Add a service; raises LabServiceExists, LabNotFound, or Invalid (unknown fields)."""
    service_id = new_id()
    source_key = given.source_key or str(service_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise LabServiceExists(f"{given.source} has {source_key} already", existing=str(taken))
    await _check_fields(session, given.fields)
    lab = await labs.get_lab(session, record_id=given.lab)
    service = LabService(
        id=service_id,
        lab_id=lab.id,
        **_columns(given, frozenset(_COLUMNS)),
        **{name: getattr(given, name) for name in _PLAIN},
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(service)
    await session.flush()
    await repository.replace_fields(session, service_id, given.fields)
    await _note(session, service, "created")
    return service


async def change_service(
    session: AsyncSession, *, record: LabService, given: LabServiceUpdate, now: datetime
) -> LabService:
    """Merge a change into a service that is held; raises LabNotFound, or Invalid (unknown fields).

    A change of nothing changes nothing.
    """
    service, said = record, given.model_fields_set
    [before] = await records_of(session, records=[service])
    values = _columns(given, said) | {name: getattr(given, name) for name in _PLAIN if name in said}
    if "lab" in said:
        lab: Any = given.lab
        values["lab_id"] = (await labs.get_lab(session, record_id=lab)).id
    for name, value in values.items():
        setattr(service, name, value)
    if "fields" in said:
        fields: Any = given.fields
        await _check_fields(session, fields)
        await repository.replace_fields(session, service.id, fields)
    [after] = await records_of(session, records=[service])
    changed = [name for name in LabServiceUpdate.model_fields if before[name] != after[name]]
    if changed:
        service.version += 1
        service.updated_at = now
        await _note(session, service, "updated", changed)
    return service


async def delete_service(session: AsyncSession, *, record: LabService) -> None:
    """Remove a service; the feed keeps a tombstone."""
    await repository.delete_service(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


async def records_of(
    session: AsyncSession, *, records: Sequence[LabService], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Services as they are written in answers: three queries more, however many there are."""
    named = await labs.named_labs(session, ids=[one.lab_id for one in records])
    fields = await repository.fields_of(session, [one.id for one in records])
    return [_record(one, named[one.lab_id], fields.get(one.id, []), language) for one in records]


def _record(one: LabService, lab: NamedLab, fields: Sequence[str], language: Language) -> dict[str, Any]:
    shared = Period(one.shared_from, one.shared_until or END).wire() if one.shared_from is not None else None
    return {
        "id": one.id,
        "name": label_text(one.name_pl, one.name_en, language),
        "lab": {"id": one.lab_id, "name": label_text(lab.name_pl, lab.name_en, language)},
        "owner": {"id": lab.owner_id, "name": lab.owner},
        "description": _text(one.description_pl, one.description_en, language),
        "fields": fields,
        "terms": _text(one.terms_pl, one.terms_en, language),
        "price": one.price,
        "partners_only": one.partners_only,
        "shared": shared,
        "source": one.source,
        "source_key": one.source_key,
        "demonstration": one.demonstration,
        "version": one.version,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def _text(pl: str | None, en: str | None, language: Language) -> Any:
    return label_text(pl, en, language) if pl and en else None


async def _note(session: AsyncSession, service: LabService, kind: Any, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[service])
    record_change(session, kind=kind, collection=COLLECTION, id=service.id, changed=changed, record=record)
    await search.put(
        session,
        Entry(
            collection=COLLECTION,
            record_id=str(service.id),
            title_pl=service.name_pl,
            title_en=service.name_en,
            texts=[text for text in (service.description_pl, service.description_en) if text],
            fields=record["fields"],
            demonstration=service.demonstration,
        ),
    )


async def _check_fields(session: AsyncSession, fields: Sequence[str]) -> None:
    await check_codes(session, [("fields", f"/fields/{at}", code) for at, code in enumerate(fields)])


def _columns(given: Any, said: Any) -> dict[str, Any]:
    """The columns of what was said in more than one of them."""
    return {
        column: value
        for name, columns in _COLUMNS.items()
        if name in said
        for column, value in columns(getattr(given, name)).items()
    }


def _name(name: Label) -> dict[str, Any]:
    return {"name_pl": name.pl, "name_en": name.en, "sort_name": sort_key(name.pl)}


def _description(text: Label | None) -> dict[str, Any]:
    return {"description_pl": text.pl if text else None, "description_en": text.en if text else None}


def _terms(text: Label | None) -> dict[str, Any]:
    return {"terms_pl": text.pl if text else None, "terms_en": text.en if text else None}


def _shared(shared: PeriodIn | None) -> dict[str, Any]:
    period = shared.period() if shared else None
    return {
        "shared_from": period.valid_from if period else None,
        "shared_until": period.valid_until if period else None,
    }


_COLUMNS: Mapping[str, Any] = {
    "name": _name,
    "description": _description,
    "terms": _terms,
    "shared": _shared,
}
