"""Rules of headquarters abroad: engagement is a chain of states, each holding until the next."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.foreign_hqs import repository
from klaster_registry.foreign_hqs.errors import ForeignHqExists, ForeignHqNotFound
from klaster_registry.foreign_hqs.models import ForeignHq, ForeignHqPeriod
from klaster_registry.foreign_hqs.schemas import (
    EngagementIn,
    ForeignHqCreate,
    ForeignHqListParameters,
    ForeignHqUpdate,
)
from klaster_registry.periods import END, Period, PeriodIn, refuse_overlaps
from klaster_registry.search import operations as search
from klaster_registry.search.entries import Entry
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language
from klaster_shared.text import sort_key

COLLECTION = "foreign_hqs"
ORDER = repository.ORDER  # of lists, for whoever reads one page by page
_PLAIN = ("name", "kind", "country", "city", "url", "note")


async def list_hqs(session: AsyncSession, *, parameters: ForeignHqListParameters, today: date) -> Sequence[ForeignHq]:
    """One page, and one row more where there is more."""
    return await repository.hqs_page(session, parameters, today=today)


async def count_hqs(session: AsyncSession, *, parameters: ForeignHqListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count_hqs(session, parameters, today=today)


async def get_hq(session: AsyncSession, *, record_id: UUID, held: bool = False) -> ForeignHq:
    """One organisation abroad (`held` where it is to be changed); raises ForeignHqNotFound."""
    hq = await repository.find_hq(session, record_id, held=held)
    if hq is None:
        raise ForeignHqNotFound(f"There is no organisation abroad {record_id}")
    return hq


async def names_of(session: AsyncSession, *, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of these organisations, as far as they are there."""
    return await repository.names(session, ids)


async def create_hq(
    session: AsyncSession, *, given: ForeignHqCreate, now: datetime, record_id: UUID | None = None
) -> ForeignHq:
    """Add an organisation abroad; `record_id` where its id was given away before.

    Raises ForeignHqExists, EntityNotFound (its local entity), Invalid (overlaps).
    """
    hq_id = record_id or new_id()
    source_key = given.source_key or str(hq_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise ForeignHqExists(f"{given.source} has {source_key} already", existing=str(taken))
    local = await entities.resolve(session, reference=given.local_entity) if given.local_entity else None
    hq = ForeignHq(
        id=hq_id,
        **{name: getattr(given, name) for name in _PLAIN},
        sort_name=sort_key(given.name),
        local_entity_id=local,
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    partners = await _resolved(session, given.partner_entities)
    engagements, ready = engagement_rows(hq_id, given.engagements), readiness_rows(hq_id, given.ready)
    session.add(hq)
    await session.flush()
    await repository.replace_periods(session, hq_id, "engagement", engagements)
    await repository.replace_periods(session, hq_id, "readiness", ready)
    await repository.replace_partners(session, hq_id, partners)
    await _note(session, hq, "created")
    return hq


async def change_hq(session: AsyncSession, *, record: ForeignHq, given: ForeignHqUpdate, now: datetime) -> ForeignHq:
    """Merge a change into an organisation that is held; raises EntityNotFound, or Invalid (overlaps).

    A change of nothing changes nothing.
    """
    hq, said = record, given.model_fields_set
    [before] = await records_of(session, records=[hq])
    values: dict[str, Any] = {name: getattr(given, name) for name in _PLAIN if name in said}
    if "name" in said:
        values["sort_name"] = sort_key(values["name"])
    if "local_entity" in said:
        local: Any = given.local_entity
        values["local_entity_id"] = await entities.resolve(session, reference=local) if local else None
    for name, value in values.items():
        setattr(hq, name, value)
    await _replace_parts(session, hq.id, given)
    [after] = await records_of(session, records=[hq])
    changed = [name for name in ForeignHqUpdate.model_fields if before[name] != after[name]]
    if changed:
        hq.version += 1
        hq.updated_at = now
        await _note(session, hq, "updated", changed)
    return hq


async def _replace_parts(session: AsyncSession, hq_id: UUID, given: ForeignHqUpdate) -> None:
    """Write the lists that were given anew."""
    said: Any = given
    if "engagements" in given.model_fields_set:
        rows = engagement_rows(hq_id, said.engagements)
        await repository.replace_periods(session, hq_id, "engagement", rows)
    if "ready" in given.model_fields_set:
        await repository.replace_periods(session, hq_id, "readiness", readiness_rows(hq_id, said.ready))
    if "partner_entities" in given.model_fields_set:
        await repository.replace_partners(session, hq_id, await _resolved(session, said.partner_entities))


async def _resolved(session: AsyncSession, references: Sequence[str]) -> list[UUID]:
    return [await entities.resolve(session, reference=reference) for reference in references]


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """Where an entity was named, the one that it was merged into is named."""
    for hq in await repository.hqs_of(session, old):
        partners = (await repository.partners_of(session, [hq.id])).get(hq.id, [])
        if old in partners:
            await repository.replace_partners(session, hq.id, [new if one == old else one for one in partners])
        if hq.local_entity_id == old:
            hq.local_entity_id = new
        hq.version += 1
        hq.updated_at = now
        await session.flush()
        await _note(session, hq, "updated", ["local_entity", "partner_entities"])


async def delete_hq(session: AsyncSession, *, record: ForeignHq) -> None:
    """Remove an organisation abroad; the feed keeps a tombstone."""
    await repository.delete_hq(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


def engagement_rows(hq_id: UUID, steps: Sequence[EngagementIn]) -> list[ForeignHqPeriod]:
    """Each state holds until the next one; an engagement begins where none was under way before."""
    rows = []
    under_way = False
    for at, step in enumerate(steps, start=1):
        until = steps[at].from_ if at < len(steps) else END
        begins = not under_way and step.state != "ended"
        rows.append(_row(hq_id, "engagement", step.state, Period(step.from_, until), begins=begins))
        under_way = step.state != "ended"
    return rows


def readiness_rows(hq_id: UUID, given: Sequence[PeriodIn]) -> list[ForeignHqPeriod]:
    """When readiness was declared; raises Invalid where periods overlap."""
    periods = [item.period() for item in given]
    refuse_overlaps(periods, "/ready")
    return [_row(hq_id, "readiness", "ready", period, begins=False) for period in periods]


def _row(hq_id: UUID, aspect: str, value: str, period: Period, *, begins: bool) -> ForeignHqPeriod:
    return ForeignHqPeriod(
        id=new_id(),
        hq_id=hq_id,
        aspect=aspect,
        value=value,
        begins=begins,
        valid_from=period.valid_from,
        valid_until=period.valid_until,
    )


async def records_of(
    session: AsyncSession, *, records: Sequence[ForeignHq], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Organisations as they are written in answers: three queries more, however many there are."""
    ids = [hq.id for hq in records]
    partners = await repository.partners_of(session, ids)
    named = {one for found in partners.values() for one in found} | {hq.local_entity_id for hq in records}
    names = await entities.names_of(session, ids=[one for one in named if one])
    periods = await repository.periods_of(session, ids)
    return [_record(hq, names, partners.get(hq.id, []), periods.get(hq.id, [])) for hq in records]


def _record(
    hq: ForeignHq, names: dict[UUID, str], partners: Sequence[UUID], periods: Sequence[ForeignHqPeriod]
) -> dict[str, Any]:
    local = hq.local_entity_id
    wires = [(row, Period(row.valid_from, row.valid_until).wire()) for row in periods]
    return {
        "id": hq.id,
        **{name: getattr(hq, name) for name in _PLAIN},
        "local_entity": {"id": local, "name": names[local]} if local else None,
        "partner_entities": [{"id": one, "name": names[one]} for one in partners],
        "engagements": [{"state": row.value, **wire} for row, wire in wires if row.aspect == "engagement"],
        "ready": [wire for row, wire in wires if row.aspect == "readiness"],
        "source": hq.source,
        "source_key": hq.source_key,
        "demonstration": hq.demonstration,
        "version": hq.version,
        "created_at": hq.created_at,
        "updated_at": hq.updated_at,
    }


async def _note(session: AsyncSession, hq: ForeignHq, kind: Any, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[hq])
    record_change(session, kind=kind, collection=COLLECTION, id=hq.id, changed=changed, record=record)
    await search.put(session, _entry(hq))


def _entry(hq: ForeignHq) -> Entry:
    return Entry(
        collection=COLLECTION,
        record_id=str(hq.id),
        title_pl=hq.name,
        title_en=hq.name,
        texts=[hq.city] if hq.city else [],
        country=hq.country,
        demonstration=hq.demonstration,
    )
