"""Rules of event types: codes are unique and stay, types are retired rather than deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.event_types import repository
from klaster_events.event_types.errors import EventTypeNotFound, EventTypeTaken
from klaster_events.event_types.models import EventType
from klaster_events.event_types.schemas import EventTypeCreate, EventTypeListParameters, EventTypeUpdate
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.labels import Language, label_text

COLLECTION = "event_types"


async def list_types(session: AsyncSession, *, parameters: EventTypeListParameters) -> Sequence[EventType]:
    """One page by code, and one row more where there is more."""
    return await repository.types_page(session, parameters)


async def count_types(session: AsyncSession, *, parameters: EventTypeListParameters) -> int:
    """How many there are in all."""
    return await repository.count_types(session, parameters)


async def get_type(session: AsyncSession, *, code: str, held: bool = False) -> EventType:
    """One type; raises EventTypeNotFound."""
    found = await repository.find_type(session, code, held=held)
    if found is None:
        raise EventTypeNotFound(f"There is no type of event {code}")
    return found


async def check_type(session: AsyncSession, *, code: str) -> None:
    """Refuse a type that does not exist or is retired, naming the field; raises Invalid."""
    found = await repository.find_type(session, code)
    if found is None or found.retired:
        raise Invalid.field("/type", "unknown_code", f"There is no type of event {code} in use")


async def types_counting_as(session: AsyncSession, *, codes: Collection[str]) -> list[str]:
    """The types that count as one of `codes`."""
    counts = await repository.counts_by_code(session)
    return sorted(code for code, found in counts.items() if set(found) & set(codes))


async def type_labels(session: AsyncSession) -> dict[str, tuple[str, str]]:
    """What every type is called, in Polish and in English; retired ones too, for what was held under them."""
    return await repository.labels_by_code(session)


async def create_type(session: AsyncSession, *, given: EventTypeCreate, now: datetime) -> EventType:
    """Add a type; raises EventTypeTaken."""
    if await repository.find_type(session, given.code) is not None:
        raise EventTypeTaken(f"There is a type of event {given.code} already")
    created = EventType(
        code=given.code,
        name_pl=given.name.pl,
        name_en=given.name.en,
        counts_as=sorted(set(given.counts_as)),
        retired=False,
        version=1,
        updated_at=now,
    )
    session.add(created)
    await session.flush()
    record_change(session, kind="created", collection=COLLECTION, id=created.code, record=record_of(created, "all"))
    return created


async def change_type(
    session: AsyncSession, *, event_type: EventType, given: EventTypeUpdate, now: datetime
) -> EventType:
    """Change name or what it counts as, or retire it."""
    values: dict[str, Any] = given.model_dump()
    if "name" in values:
        label = values.pop("name")
        values |= {"name_pl": label["pl"], "name_en": label["en"]}
    if "counts_as" in values:
        values["counts_as"] = sorted(set(values["counts_as"]))
    changed = [name for name, value in values.items() if getattr(event_type, name) != value]
    if not changed:
        return event_type
    for name in changed:
        setattr(event_type, name, values[name])
    event_type.version += 1
    event_type.updated_at = now
    record = record_of(event_type, "all")
    record_change(session, kind="updated", collection=COLLECTION, id=event_type.code, changed=changed, record=record)
    return event_type


def record_of(event_type: EventType, language: Language) -> dict[str, Any]:
    """A type as it is written in answers and in the change log."""
    return {
        "code": event_type.code,
        "name": label_text(event_type.name_pl, event_type.name_en, language),
        "counts_as": event_type.counts_as,
        "retired": event_type.retired,
        "version": event_type.version,
        "updated_at": event_type.updated_at,
    }
