"""Rules of events: added, listed, changed, deleted. Their life from draft to completed stands in `steps`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.database import by
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.events import repository
from klaster_events.events.announcing import OF_THE_MOMENT, news, when_and_where
from klaster_events.events.columns import apply, columns_of, wire_names
from klaster_events.events.errors import EventExists, EventNotFound, HasPeople, WrongState
from klaster_events.events.filters import SORTS, Resolved
from klaster_events.events.models import Event
from klaster_events.events.records import Organisers, audience_of, feed_record, record_of, searchable
from klaster_events.events.rules import check_event
from klaster_events.events.schemas import EventCreate, EventFilters, EventListParameters, EventUpdate
from klaster_events.events.viewers import ANYBODY, OFFICE, Viewer
from klaster_events.events.visibility import require_visible
from klaster_events.outbox.operations import announce
from klaster_events.series.operations import check_series
from klaster_shared.access import Role
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language
from klaster_shared.pagination import Order, parse_sort
from klaster_shared.text import sort_key

COLLECTION = "events"
_LATEST_FIRST: Mapping[str, Any] = MappingProxyType({"starts_at": Event.starts_at, "id": Event.id})
_NEWEST_FIRST: Mapping[str, Any] = MappingProxyType({"published_at": Event.published_at, "id": Event.id})


def order_of(parameters: EventListParameters) -> list[Order]:
    """The order that a request asks for; raises Invalid on a column that the list lacks."""
    return parse_sort(parameters.sort, columns=SORTS, default="starts_at", unique=by("id", Event.id))


async def list_events(
    session: AsyncSession, *, parameters: EventListParameters, order: Sequence[Order], zone: str, viewer: Viewer
) -> Sequence[Event]:
    """One page, and one row more where there is more."""
    resolved = await _resolved(session, parameters)
    return await repository.events_page(session, parameters, order=order, resolved=resolved, zone=zone, viewer=viewer)


async def count_events(
    session: AsyncSession, *, parameters: EventFilters, zone: str, viewer: Viewer
) -> repository.Counts:
    """How many the parameters ask for and the viewer may see."""
    resolved = await _resolved(session, parameters)
    return await repository.count_events(session, parameters, resolved=resolved, zone=zone, viewer=viewer)


async def events_within(
    session: AsyncSession, *, parameters: EventFilters, zone: str, viewer: Viewer, limit: int
) -> Sequence[Event]:
    """For a calendar: the last `limit` events that the parameters ask for, drafts left out, the first one first."""
    order = [replace(by(name, column), descending=True) for name, column in _LATEST_FIRST.items()]
    found = await _chosen(session, parameters, order=order, zone=zone, viewer=viewer, announced=False, limit=limit)
    return found[::-1]


async def newest_events(session: AsyncSession, *, parameters: EventFilters, zone: str, limit: int) -> Sequence[Event]:
    """For a feed: the events that were published for everybody last, the last one first."""
    order = [replace(by(name, column), descending=True) for name, column in _NEWEST_FIRST.items()]
    return await _chosen(session, parameters, order=order, zone=zone, viewer=ANYBODY, announced=True, limit=limit)


async def _chosen(session: AsyncSession, parameters: EventFilters, **how: Any) -> Sequence[Event]:
    resolved = await _resolved(session, parameters)
    return await repository.chosen_events(session, parameters, resolved=resolved, **how)


async def _resolved(session: AsyncSession, parameters: EventFilters) -> Resolved:
    return Resolved(
        types=await EVENT_TYPES.counting_as(session, codes=parameters.counts_as) if parameters.counts_as else None,
        organisers=await entities.one_with(session, ids=parameters.organiser) if parameters.organiser else None,
    )


async def get_event(session: AsyncSession, *, event_id: UUID, viewer: Viewer = OFFICE) -> Event:
    """One event; raises EventNotFound, also where it is not there for this viewer."""
    found = await repository.find_event(session, event_id)
    if found is None:
        raise EventNotFound(f"There is no event {event_id}")
    await require_visible(session, event=found, viewer=viewer)
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
    Invalid on a type or series that does not exist, or where the event contradicts itself.
    """
    await EVENT_TYPES.check(session, code=given.type)
    await check_series(session, code=given.series)
    if given.source_key and await repository.is_known(session, given.source, given.source_key):
        raise EventExists(f"{given.source} has an event {given.source_key} already")
    await entities.keep(session, facts=organiser.new, now=now)
    event_id = new_id()
    values = columns_of(given.model_dump(exclude={"source_key"}), organiser)
    together = values.pop("co_organisers")
    counters: dict[str, Any] = dict.fromkeys(("confirmed", "held", "waiting", "tickets", "present", "sequence"), 0)
    made: dict[str, Any] = {
        "published_at": now if given.state == "published" else None,
        "version": 1,
        "created_at": now,
        "updated_at": now,
        "sort_title": "",
        "search_text": "",
    }
    created = Event(id=event_id, source_key=given.source_key or str(event_id), **values, **counters, **made)
    created.sort_title, created.search_text = sort_key(created.title_pl), searchable(created)
    check_event(created, now=now)
    session.add(created)
    await session.flush()
    await repository.replace_co_organisers(session, event_id, _others(together, created.organiser_id))
    await log(session, created, kind="created")
    return created


async def change_event(
    session: AsyncSession, *, event: Event, given: EventUpdate, organiser: Checked, now: datetime
) -> Event:
    """Change an event that the caller holds; who registered is told of a new time, place or link.

    Raises SeatsTaken with the numbers where fewer seats would be left than are taken, NotOverYet where a completed
    event would end in the future, WrongState where a postponed one would get new times without being rescheduled, and
    Invalid where a value cannot be.
    """
    values = columns_of(given.model_dump(), organiser)
    if "type" in values and values["type"] != event.type:
        await EVENT_TYPES.check(session, code=values["type"])
    await check_series(session, code=values.get("series"))
    if event.state == "postponed" and (_times(values, event)):
        raise WrongState("The event is postponed: new times come with /reschedule")
    return await _change(session, event, values, organiser, now)


async def _change(
    session: AsyncSession, event: Event, values: dict[str, Any], organiser: Checked, now: datetime
) -> Event:
    before, audience = when_and_where(event), audience_of(event)
    together = await _new_others(session, event, values)
    changed = apply(event, values)
    if not changed and together is None:
        return event
    check_event(event, now=now)
    await entities.keep(session, facts=organiser.new, now=now)
    if together is not None:
        await repository.replace_co_organisers(session, event.id, together)
        changed = [*changed, "co_organisers"]
    await _note_moment(session, event, changed, before, now)
    await note_change(session, event=event, changed=wire_names(changed), now=now, seen_before=audience)
    return event


def _times(values: dict[str, Any], event: Event) -> bool:
    return any(name in values and values[name] != getattr(event, name) for name in ("starts_at", "ends_at", "zone"))


async def _new_others(session: AsyncSession, event: Event, values: dict[str, Any]) -> list[UUID] | None:
    """The co-organisers where they are others than before; the organiser is never one of them."""
    known = (await repository.co_organisers(session, [event.id])).get(event.id, [])
    wanted = _others(values.pop("co_organisers", known), values.get("organiser_id", event.organiser_id))
    return None if wanted == known else wanted


def _others(together: Sequence[UUID], organiser: UUID) -> list[UUID]:
    return [entity for entity in dict.fromkeys(together) if entity != organiser]


async def _note_moment(
    session: AsyncSession, event: Event, changed: Sequence[str], before: dict[str, Any], now: datetime
) -> None:
    if event.state == "draft" or not set(changed) & set(OF_THE_MOMENT):
        return
    event.sequence += 1
    if event.state == "published" and event.ends_at > now:
        await announce(
            session, event=event, kind="changed", now=now, context=news(event, before=before, changed=changed)
        )


async def note_change(
    session: AsyncSession,
    *,
    event: Event,
    changed: Sequence[str],
    now: datetime,
    seen_before: Role | None = None,
) -> None:
    """A new version of an event that the caller holds, in the change log.

    `seen_before`: the audience it had before the change. An event that leaves an audience is deleted for it, one that
    enters is created.
    """
    event.version += 1
    event.updated_at = now
    audience = audience_of(event)
    moved = seen_before is not None and seen_before != audience
    if moved and audience == "office":
        record_change(session, kind="deleted", collection=COLLECTION, id=event.id, audience="anonymous")
    entered = moved and audience == "anonymous"
    await log(session, event, kind="created" if entered else "updated", changed=sorted(set(changed)))


async def delete_event(session: AsyncSession, *, event: Event) -> None:
    """Remove an event; one that people registered for or came to only where it is demonstration data."""
    if (event.tickets or event.present) and not event.demonstration:
        raise HasPeople(
            f"{event.confirmed} are confirmed, {event.waiting} wait, {event.present} came; "
            f"{event.tickets} registered so far"
        )
    await repository.delete_event(session, event.id)
    session.expunge(event)
    record_change(session, kind="deleted", collection=COLLECTION, id=event.id, audience=audience_of(event))


async def log(session: AsyncSession, event: Event, *, kind: Any, changed: Sequence[str] = ()) -> None:
    """Note the record after a change."""
    [organisers] = await organisers_of(session, events=[event])
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=event.id,
        changed=changed,
        record=feed_record(event, organisers),
        audience=audience_of(event),
    )


async def organisers_of(session: AsyncSession, *, events: Sequence[Event]) -> list[Organisers]:
    """Who organises each of these events, named, in their order; one look for all of them."""
    together = await repository.co_organisers(session, [event.id for event in events])
    ids = {event.organiser_id for event in events}.union(*together.values())
    named = await entities.names(session, ids=ids)
    return [
        Organisers(
            named[event.organiser_id],
            [named[entity_id] for entity_id in together.get(event.id, ())],
            frozenset({event.organiser_id, *together.get(event.id, ())}),
        )
        for event in events
    ]


async def records_of(
    session: AsyncSession, *, events: Sequence[Event], language: Language, viewer: Viewer
) -> list[dict[str, Any]]:
    """Events as a viewer is shown them."""
    organisers = await organisers_of(session, events=events)
    return [
        record_of(event, language, named, online_url=viewer.office or bool(viewer.own & named.ids))
        for event, named in zip(events, organisers, strict=True)
    ]
