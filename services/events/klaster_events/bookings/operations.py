"""Rules of bookings: asked for, listed, read. Their life stands in `steps`.

People are locked first, then the resource's rules, then bookings: two that want the same hour follow each other, and
the second is told. The key of `booking_slots` holds it whoever writes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings import repository
from klaster_events.bookings.asking import check_free, check_past, check_wish, grid_of
from klaster_events.bookings.errors import BookingNotFound, BookingStands, NotBookable
from klaster_events.bookings.filters import Asked
from klaster_events.bookings.grid import quarters
from klaster_events.bookings.letters import tell_comer, tell_owner
from klaster_events.bookings.models import Booking
from klaster_events.bookings.records import record_of
from klaster_events.bookings.repository import Counts
from klaster_events.bookings.schemas import BookingCreate, BookingListParameters, SlotsParameters
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.viewers import Viewer
from klaster_events.people import operations as people
from klaster_events.resources import operations as resources
from klaster_events.resources.models import BookingRules, Resource
from klaster_events.resources.records import is_shared
from klaster_shared.changes import record_change
from klaster_shared.errors import Forbidden, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language

COLLECTION = "bookings"
MOST_DAYS = 31
Held = tuple[Booking, Resource]
"""A booking with its resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booker:
    """Who books: for which entity, which was looked up before the transaction began."""

    entity_id: UUID
    checked: Checked
    viewer: Viewer


async def create_booking(session: AsyncSession, *, given: BookingCreate, booker: Booker, now: datetime) -> Held:
    """Book a time, or ask for it where the owner approves each.

    Raises ResourceNotFound, NotBookable, OwnResource, SlotTaken, Forbidden where anybody but the office writes down the
    past, and Invalid naming the field.
    """
    if (given.state or given.demonstration) and not booker.viewer.office:
        raise Forbidden("The office alone writes down what was used elsewhere, or demonstrations")
    [person_id] = await people.find_or_add_people(session, given=[given.person], now=now)
    await entities.keep(session, facts=booker.checked.new, now=now)
    entity_id = booker.checked.living[booker.entity_id]
    rules = await resources.hold_rules(session, resource_id=given.resource)
    resource = await resources.get_resource(session, resource_id=given.resource)
    if given.state == "used":
        check_past(given, now)
    else:
        await check_wish(session, given=given, resource=resource, rules=rules, entity_id=entity_id, now=now)
    await check_free(session, given=given, past=given.state == "used")
    booking = _row(given, entity_id, person_id, rules, now)
    session.add(booking)
    await session.flush()
    await repository.hold_slots(session, booking, quarters(booking.starts_at, booking.ends_at))
    await _tell(session, booking, rules, now)
    await log(session, (booking, resource), "created")
    return booking, resource


def _row(given: BookingCreate, entity_id: UUID, person_id: UUID, rules: BookingRules | None, now: datetime) -> Booking:
    automatic = rules is not None and rules.approval == "automatic"
    return Booking(
        id=new_id(),
        resource_id=given.resource,
        entity_id=entity_id,
        person_id=person_id,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        state=given.state or ("approved" if automatic else "requested"),
        language=given.language,
        terms_version=given.accepts_terms if given.state is None else None,
        purpose=given.purpose,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )


async def _tell(session: AsyncSession, booking: Booking, rules: BookingRules | None, now: datetime) -> None:
    if booking.state == "used":
        return
    kind: Any = f"booking_{booking.state}"
    await tell_comer(session, booking=booking, kind=kind, now=now)
    await tell_owner(session, booking=booking, rules=rules, kind="booking_received", now=now)


async def list_bookings(
    session: AsyncSession, *, parameters: BookingListParameters, viewer: Viewer, zone: str
) -> Sequence[Booking]:
    """One page of what a side may see, the latest first, and one row more where there is more."""
    return await repository.bookings_page(session, await _asked(session, parameters, viewer, zone))


async def count_bookings(
    session: AsyncSession, *, parameters: BookingListParameters, viewer: Viewer, zone: str
) -> Counts:
    """How many there are, and of how many people."""
    return await repository.count_bookings(session, await _asked(session, parameters, viewer, zone))


async def _asked(session: AsyncSession, parameters: BookingListParameters, viewer: Viewer, zone: str) -> Asked:
    owners = await entities.one_with(session, ids=parameters.owner) if parameters.owner else None
    for_whom = await entities.one_with(session, ids=parameters.entity) if parameters.entity else None
    return Asked(parameters=parameters, viewer=viewer, zone=zone, owners=owners, entities=for_whom)


async def get_booking(session: AsyncSession, *, booking_id: UUID, viewer: Viewer, held: bool = False) -> Held:
    """One booking, for either side and the office; raises BookingNotFound, also for everybody else."""
    booking = await repository.find_booking(session, booking_id, held=held)
    if booking is not None:
        resource = await resources.get_resource(session, resource_id=booking.resource_id)
        if viewer.office or booking.entity_id in viewer.own or resources.owns(resource, viewer):
            return booking, resource
    raise BookingNotFound(f"There is no booking {booking_id}")


async def booking_of_visitor(session: AsyncSession, *, booking_id: UUID, held: bool = False) -> Held:
    """One booking, for whoever comes and proved it by a link; raises BookingNotFound."""
    booking = await repository.find_booking(session, booking_id, held=held)
    if booking is None:
        raise BookingNotFound(f"There is no booking {booking_id}")
    known = await resources.resources_by_id(session, ids={booking.resource_id})
    return booking, known[booking.resource_id]


async def slots_of(
    session: AsyncSession, *, resource_id: UUID, parameters: SlotsParameters, now: datetime
) -> dict[str, Any]:
    """The slots of some days, each free or not: as a booking that came now would find them.

    Raises ResourceNotFound, NotBookable where it takes no bookings, and Invalid on more days than a month.
    """
    resource = await resources.get_resource(session, resource_id=resource_id)
    rules = await resources.rules_of(session, resource_id=resource_id)
    if rules is None or not rules.open:
        raise NotBookable("It takes no bookings")
    zone = ZoneInfo(rules.zone)
    first = parameters.from_ or now.astimezone(zone).date()
    last = parameters.to or first + timedelta(days=6)
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise Invalid.field("query/to", "days", f"From one day to another, at most {MOST_DAYS} later")
    begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in (first, last + timedelta(days=2)))
    held = await repository.taken(session, resource_id, begin, end)
    closed = await repository.blackouts_within(session, resource_id, begin, end)
    earliest, latest = now + timedelta(hours=rules.notice_hours), now + timedelta(days=rules.horizon_days)

    def free(starts_at: datetime, ends_at: datetime) -> bool:
        open_then = now < starts_at and earliest <= starts_at <= latest and _shared(resource, ends_at, zone)
        kept = any(one.starts_at < ends_at and starts_at < one.ends_at for one in closed)
        return open_then and not kept and held.isdisjoint(quarters(starts_at, ends_at))

    items = [
        {"starts_at": begins, "ends_at": ends, "free": free(begins, ends)}
        for begins, ends in grid_of(rules).slots(first, last)
    ]
    wanted = [one for one in items if parameters.free in (None, one["free"])]
    return {"zone": rules.zone, "slot_minutes": rules.slot_minutes, "items": wanted}


def _shared(resource: Resource, moment: datetime, zone: ZoneInfo) -> bool:
    day: date = moment.astimezone(zone).date()
    return is_shared(resource, day)


async def bookings_of(
    session: AsyncSession, *, person_id: UUID, since: datetime | None, language: Language
) -> list[dict[str, Any]]:
    """The bookings of one person in order of time, for their own agenda; `since`: that end after it."""
    rows = await repository.of_people(session, [person_id], since=since)
    return await records_of(session, bookings=rows, language=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A booking as messages speak of it."""

    resource_pl: str
    resource_en: str
    starts_at: datetime
    ends_at: datetime
    state: str
    answer: str | None
    demonstration: bool


async def visits(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, Visit]:
    """These bookings, as far as they are there."""
    rows = await repository.bookings_by_id(session, ids)
    known = await resources.resources_by_id(session, ids={one.resource_id for one in rows})
    return {
        one.id: Visit(
            resource_pl=known[one.resource_id].name_pl,
            resource_en=known[one.resource_id].name_en,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            state=one.state,
            answer=one.answer,
            demonstration=one.demonstration,
        )
        for one in rows
    }


async def delete_booking(session: AsyncSession, *, held: Held) -> None:
    """Remove a demonstration; raises BookingStands for any other: figures may have counted it."""
    booking, _resource = held
    if not booking.demonstration:
        raise BookingStands("Figures may have counted it")
    await repository.delete_booking(session, booking.id)
    session.expunge(booking)
    record_change(session, kind="deleted", collection=COLLECTION, id=booking.id, audience="office")


async def in_full(session: AsyncSession, *, held: Held, language: Language, now: datetime) -> dict[str, Any]:
    """The record with who comes, what for, and the terms that were accepted. The look is recorded."""
    booking, resource = held
    [record] = await records_of(session, bookings=[booking], language=language)
    people.note_look(session, list_name="booking", person_id=booking.person_id, now=now)
    person = (await people.names_of(session, ids=[booking.person_id]))[booking.person_id]
    terms = await resources.terms_accepted(
        session, resource_id=resource.id, version=booking.terms_version, language=language
    )
    return {**record, "person": person, "purpose": booking.purpose, "answer": booking.answer, "terms": terms}


async def records_of(
    session: AsyncSession, *, bookings: Collection[Booking], language: Language
) -> list[dict[str, Any]]:
    """What is told of each without naming people; a look or two for all of them."""
    known = await resources.resources_by_id(session, ids={one.resource_id for one in bookings})
    ids = {one.entity_id for one in bookings} | {one.owner_id for one in known.values()}
    named = await entities.names(session, ids=ids)
    return [record_of(one, known[one.resource_id], language, named) for one in bookings]


async def log(session: AsyncSession, held: Held, kind: Any, changed: Sequence[str] = ()) -> None:
    """Note a booking as it is now: it is between its sides, so the feed tells the office alone."""
    [record] = await records_of(session, bookings=[held[0]], language="all")
    record_change(
        session, kind=kind, collection=COLLECTION, id=held[0].id, changed=changed, record=record, audience="office"
    )
