"""Rules of data repositories."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.data_repositories import repository
from klaster_registry.data_repositories.errors import DataRepositoryExists, DataRepositoryNotFound
from klaster_registry.data_repositories.models import DataRepository
from klaster_registry.data_repositories.schemas import (
    DataRepositoryCreate,
    DataRepositoryListParameters,
    DataRepositoryUpdate,
)
from klaster_registry.entities import operations as entities
from klaster_registry.periods import Period, PeriodIn
from klaster_registry.search import operations as search
from klaster_registry.search.entries import Entry
from klaster_registry.taxonomies.operations import check_codes
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language
from klaster_shared.text import sort_key

COLLECTION = "data_repositories"
ORDER = repository.ORDER  # of lists, for whoever reads one page by page


async def list_data_repositories(
    session: AsyncSession, *, parameters: DataRepositoryListParameters, today: date
) -> Sequence[DataRepository]:
    """One page, and one row more where there is more."""
    return await repository.page(session, parameters, today=today)


async def count_data_repositories(
    session: AsyncSession, *, parameters: DataRepositoryListParameters, today: date
) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count(session, parameters, today=today)


async def get_data_repository(session: AsyncSession, *, record_id: UUID, held: bool = False) -> DataRepository:
    """One data repository (`held` where it is to be changed); raises DataRepositoryNotFound."""
    found = await repository.find(session, record_id, held=held)
    if found is None:
        raise DataRepositoryNotFound(f"There is no data repository {record_id}")
    return found


async def create_data_repository(
    session: AsyncSession, *, given: DataRepositoryCreate, now: datetime
) -> DataRepository:
    """Add a data repository; raises DataRepositoryExists, EntityNotFound (its operator), Invalid (unknown fields)."""
    repository_id = new_id()
    source_key = given.source_key or str(repository_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise DataRepositoryExists(f"{given.source} has {source_key} already", existing=str(taken))
    await check_codes(session, [("fields", f"/fields/{at}", code) for at, code in enumerate(given.fields)])
    found = DataRepository(
        id=repository_id,
        name=given.name,
        sort_name=sort_key(given.name),
        operator_id=await entities.resolve(session, reference=given.operator) if given.operator else None,
        url=given.url,
        **_available(given.available),
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(found)
    await session.flush()
    await repository.replace_fields(session, repository_id, given.fields)
    await _note(session, found, "created")
    return found


async def change_data_repository(
    session: AsyncSession, *, record: DataRepository, given: DataRepositoryUpdate, now: datetime
) -> DataRepository:
    """Merge a change into a repository that is held; raises EntityNotFound, or Invalid (unknown fields)."""
    found, said = record, given.model_fields_set
    values: dict[str, Any] = {name: getattr(given, name) for name in ("name", "url") if name in said}
    if "name" in said:
        values["sort_name"] = sort_key(values["name"])
    if "operator" in said:
        operator: Any = given.operator
        values["operator_id"] = await entities.resolve(session, reference=operator) if operator else None
    if "available" in said:
        values |= _available(given.available)  # type: ignore[arg-type]
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, values[name])
    if "fields" in said:
        fields: Any = given.fields
        await check_codes(session, [("fields", f"/fields/{at}", code) for at, code in enumerate(fields)])
        await repository.replace_fields(session, found.id, fields)
        changed.append("fields")
    if changed:
        found.version += 1
        found.updated_at = now
        await _note(session, found, "updated", changed)
    return found


async def delete_data_repository(session: AsyncSession, *, record: DataRepository) -> None:
    """Remove a data repository; the feed keeps a tombstone."""
    await repository.remove(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """What one entity kept is kept by the other: they were merged."""
    for found in await repository.of_operator(session, old):
        found.operator_id = new
        found.version += 1
        found.updated_at = now
        await _note(session, found, "updated", ["operator"])


async def records_of(
    session: AsyncSession, *, records: Sequence[DataRepository], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Data repositories as they are written in answers: two queries more, however many there are."""
    operators = await entities.names_of(session, ids=[one.operator_id for one in records if one.operator_id])
    fields = await repository.fields_of(session, [one.id for one in records])
    return [_record(one, operators, fields.get(one.id, [])) for one in records]


def _record(one: DataRepository, operators: dict[UUID, str], fields: Sequence[str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "operator": {"id": one.operator_id, "name": operators[one.operator_id]} if one.operator_id else None,
        "url": one.url,
        "fields": fields,
        "available": Period(one.available_from, one.available_until).wire(),
        "source": one.source,
        "source_key": one.source_key,
        "demonstration": one.demonstration,
        "version": one.version,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


async def _note(session: AsyncSession, found: DataRepository, kind: Any, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[found])
    record_change(session, kind=kind, collection=COLLECTION, id=found.id, changed=changed, record=record)
    await search.put(session, _entry(found, record["fields"]))


def _entry(found: DataRepository, fields: Sequence[str]) -> Entry:
    return Entry(
        collection=COLLECTION,
        record_id=str(found.id),
        title_pl=found.name,
        title_en=found.name,
        fields=fields,
        demonstration=found.demonstration,
    )


def _available(given: PeriodIn) -> dict[str, date]:
    period = given.period()
    return {"available_from": period.valid_from, "available_until": period.valid_until}
