"""Rules of events: their life from draft to completed, and what may be changed or deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.database import by
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.event_types.operations import check_type, types_counting_as
from klaster_events.events import repository
from klaster_events.events.errors import EventExists, EventNotFound, HasPeople, NotOverYet, SeatsTaken, WrongState
from klaster_events.events.filters import SORTS, Resolved
from klaster_events.events.models import Event
from klaster_events.events.records import audience_of, feed_record, searchable
from klaster_events.events.schemas import EventCreate, EventListParameters, EventUpdate, State
from klaster_events.series.operations import check_series
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import Order, parse_sort
from klaster_shared.text import sort_key

COLLECTION = "events"
_STEPS: dict[State, tuple[State, ...]] = {
    "published": ("draft",),
    "cancelled": ("published",),
    "completed": ("published",),
}


def order_of(parameters: EventListParameters) -> list[Order]:
    """The order that a request asks for; raises Invalid on a column that the list lacks."""
    return parse_sort(parameters.sort, columns=SORTS, default="starts_at", unique=by("id", Event.id))


async def list_events(
    session: AsyncSession, *, parameters: EventListParameters, order: Sequence[Order], zone: str, drafts: bool
) -> Sequence[Event]:
    """One page, and one row more where there is more."""
    resolved = await _resolved(session, parameters)
    return await repository.events_page(session, parameters, order=order, resolved=resolved, zone=zone, drafts=drafts)


async def count_events(
    session: AsyncSession, *, parameters: EventListParameters, zone: str, drafts: bool
) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    resolved = await _resolved(session, parameters)
    return await repository.count_events(session, parameters, resolved=resolved, zone=zone, drafts=drafts)


async def _resolved(session: AsyncSession, parameters: EventListParameters) -> Resolved:
    return Resolved(
        types=await types_counting_as(session, codes=parameters.counts_as) if parameters.counts_as else None,
        organisers=await entities.one_with(session, ids=parameters.organiser) if parameters.organiser else None,
    )


async def get_event(session: AsyncSession, *, event_id: UUID, drafts: bool = True) -> Event:
    """One event; raises EventNotFound, for drafts too where the caller may not see them."""
    found = await repository.find_event(session, event_id)
    if found is None or (found.state == "draft" and not drafts):
        raise EventNotFound(f"There is no event {event_id}")
    return found


async def hold_event(session: AsyncSession, *, event_id: UUID) -> Event:
    """One event, held against other writers until this transaction ends; raises EventNotFound."""
    found = await repository.find_event(session, event_id, held=True)
    if found is None:
        raise EventNotFound(f"There is no event {event_id}")
    return found


async def create_event(session: AsyncSession, *, given: EventCreate, organiser: Checked, now: datetime) -> Event:
    """Add an event.

    Raises EventExists where its source has it already, NotOverYet where it comes in as completed and is not, and
    Invalid on a type or series that does not exist.
    """
    await check_type(session, code=given.type)
    await check_series(session, code=given.series)
    if given.source_key and await repository.is_known(session, given.source, given.source_key):
        raise EventExists(f"{given.source} has an event {given.source_key} already")
    if given.state == "completed":
        _refuse_unfinished(given.ends_at, now)
    await entities.keep(session, facts=organiser.new, now=now)
    event_id = new_id()
    created = Event(
        id=event_id,
        **given.model_dump(exclude={"title", "organiser", "source_key"}),
        organiser_id=organiser.living[given.organiser],
        source_key=given.source_key or str(event_id),
        title_pl=given.title.pl,
        title_en=given.title.en,
        sort_title=sort_key(given.title.pl),
        search_text="",
        confirmed=0,
        waiting=0,
        tickets=0,
        present=0,
        version=1,
        created_at=now,
        updated_at=now,
    )
    created.search_text = searchable(created)
    session.add(created)
    await session.flush()
    await log(session, created, kind="created")
    return created


async def change_event(
    session: AsyncSession, *, event: Event, given: EventUpdate, organiser: Checked, now: datetime
) -> Event:
    """Change an event that the caller holds.

    Raises SeatsTaken with both numbers where fewer seats would be left than are confirmed, NotOverYet where a
    completed event would end in the future, and Invalid where a value cannot be.
    """
    values = await _values(session, given, organiser)
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    if not changed:
        return event
    await entities.keep(session, facts=organiser.new, now=now)
    for name in changed:
        setattr(event, name, values[name])
    _check(event, now)
    event.sort_title, event.search_text = sort_key(event.title_pl), searchable(event)
    await note_change(session, event=event, changed=[_wire_name(name) for name in changed], now=now)
    return event


async def _values(session: AsyncSession, given: EventUpdate, organiser: Checked) -> dict[str, Any]:
    values = given.model_dump()
    if "type" in values:
        await check_type(session, code=values["type"])
    if "series" in values:
        await check_series(session, code=values["series"])
    if "organiser" in values:
        values["organiser_id"] = organiser.living[values.pop("organiser")]
    if "title" in values:
        title = values.pop("title")
        values |= {"title_pl": title["pl"], "title_en": title["en"]}
    return values


def _wire_name(column: str) -> str:
    return {"organiser_id": "organiser", "title_pl": "title", "title_en": "title"}.get(column, column)


def _check(event: Event, now: datetime) -> None:
    if event.ends_at <= event.starts_at:
        raise Invalid.field("/ends_at", "in_order", "The event ends before it begins")
    if event.state == "completed":
        _refuse_unfinished(event.ends_at, now)
    if event.capacity is not None and event.capacity < event.confirmed + event.held:
        raise SeatsTaken(
            f"{event.confirmed} seats are confirmed and {event.held} held, {event.capacity} would be left",
            confirmed=event.confirmed,
            held=event.held,
            capacity=event.capacity,
        )


def _refuse_unfinished(ends_at: datetime, now: datetime) -> None:
    if ends_at > now:
        raise NotOverYet(f"It ends at {ends_at.isoformat()}")


async def move_event(session: AsyncSession, *, event: Event, to: State, now: datetime) -> Event:
    """Take an event that the caller holds a step on; raises WrongState, or NotOverYet."""
    if event.state not in _STEPS[to]:
        raise WrongState(f"The event is {event.state}; only one that is {_STEPS[to][0]} can become {to}")
    if to == "completed":
        _refuse_unfinished(event.ends_at, now)
    event.state = to
    await note_change(session, event=event, changed=["state"], now=now)
    return event


async def note_change(session: AsyncSession, *, event: Event, changed: Sequence[str], now: datetime) -> None:
    """A new version of an event that the caller holds, in the change log."""
    event.version += 1
    event.updated_at = now
    await log(session, event, kind="updated", changed=sorted(set(changed)))


async def delete_event(session: AsyncSession, *, event: Event) -> None:
    """Remove an event; one that people registered for or came to only where it is demonstration data."""
    if (event.confirmed or event.held or event.waiting or event.present) and not event.demonstration:
        registered = event.confirmed + event.held
        raise HasPeople(f"{registered} are registered, {event.waiting} wait, {event.present} came")
    await repository.delete_event(session, event.id)
    session.expunge(event)
    record_change(session, kind="deleted", collection=COLLECTION, id=event.id, audience=audience_of(event))


async def log(session: AsyncSession, event: Event, *, kind: Any, changed: Sequence[str] = ()) -> None:
    """Note the record after a change."""
    named = await entities.names(session, ids=[event.organiser_id])
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=event.id,
        changed=changed,
        record=feed_record(event, named[event.organiser_id]),
        audience=audience_of(event),
    )
