"""The life of a booking: requested, approved or declined, cancelled, used. What ends gives its time back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings import repository
from klaster_events.bookings.errors import BookingBegan, NotYourBooking, WrongBookingState
from klaster_events.bookings.letters import tell_comer, tell_owner
from klaster_events.bookings.models import Booking
from klaster_events.bookings.operations import Held, log
from klaster_events.bookings.schemas import EndedBy
from klaster_events.events.viewers import Viewer
from klaster_events.resources import operations as resources
from klaster_shared.database import Database

BATCH = 100
Hindrance = Literal["began", "used", "ended"]


def require_owner(held: Held, viewer: Viewer) -> None:
    """Raises NotYourBooking for whoever neither is the office nor speaks for the resource's owner."""
    if not viewer.office and not resources.owns(held[1], viewer):
        raise NotYourBooking("The owner of the laboratory or service decides")


async def approve(session: AsyncSession, *, held: Held, note: str | None, now: datetime) -> Held:
    """The owner approves a request; raises WrongBookingState, also once its time has come."""
    booking, _resource = held
    _require(held, "requested")
    if booking.starts_at <= now:
        raise WrongBookingState("Its time has come without an answer")
    await _move(session, held, "approved", note, now)
    await tell_comer(session, booking=booking, kind="booking_approved", now=now)
    return held


async def decline(session: AsyncSession, *, held: Held, note: str | None, viewer: Viewer, now: datetime) -> Held:
    """The owner declines a request; raises WrongBookingState."""
    _require(held, "requested")
    held[0].ended_by = "owner" if resources.owns(held[1], viewer) else "office"
    await _move(session, held, "declined", note, now)
    await repository.free_slots(session, [held[0].id])
    await tell_comer(session, booking=held[0], kind="booking_declined", now=now)
    return held


async def cancel(session: AsyncSession, *, held: Held, note: str | None, viewer: Viewer, now: datetime) -> Held:
    """Either side, or the office, ends what stands; after its time: nobody came. Raises WrongBookingState."""
    by: EndedBy = "office"
    if resources.owns(held[1], viewer):
        by = "owner"
    elif held[0].entity_id in viewer.own:
        by = "booker"
    _require(held, *repository.LIVES)
    return await _cancel(session, held, by, note, now)


def hindrance(booking: Booking, *, now: datetime) -> Hindrance | None:
    """Why whoever comes cannot cancel any more; None where they can."""
    if booking.state not in repository.LIVES:
        return "used" if booking.state == "used" else "ended"
    return "began" if booking.starts_at <= now else None


async def give_back(session: AsyncSession, *, held: Held, now: datetime) -> Held:
    """Whoever was to come cancels, until it begins; what is cancelled already stays as it is.

    Raises BookingBegan, also of what was used, and WrongBookingState of what was declined.
    """
    found = hindrance(held[0], now=now)
    if found in {"began", "used"}:
        raise BookingBegan("It can be cancelled until it begins")
    if held[0].state == "cancelled":
        return held
    _require(held, *repository.LIVES)
    return await _cancel(session, held, "visitor", None, now)


async def _cancel(session: AsyncSession, held: Held, by: EndedBy, note: str | None, now: datetime) -> Held:
    booking, resource = held
    booking.ended_by = by
    await _move(session, held, "cancelled", note, now)
    await repository.free_slots(session, [booking.id])
    if booking.ends_at > now:
        await tell_comer(session, booking=booking, kind="booking_cancelled", now=now)
        rules = await resources.rules_of(session, resource_id=resource.id)
        await tell_owner(session, booking=booking, rules=rules, kind="booking_given_back", now=now)
    return held


async def note_use(session: AsyncSession, *, held: Held, now: datetime) -> Held:
    """The owner notes that they came: from now on it is counted. Raises WrongBookingState before it begins."""
    _require(held, "approved")
    if held[0].starts_at > now:
        raise WrongBookingState("It has not begun yet")
    return await _move(session, held, "used", None, now)


async def cancel_within(
    session: AsyncSession, *, bookings: Collection[Any], resource: Any, viewer: Viewer, note: str | None, now: datetime
) -> None:
    """End bookings that the caller holds, for the sake of a time without any."""
    for booking in bookings:
        await cancel(session, held=(booking, resource), note=note, viewer=viewer, now=now)


async def forget_bookings(session: AsyncSession, *, person_ids: Collection[Any], now: datetime) -> None:
    """Of people who are being erased: what they were to come to is given back, what was written of it goes."""
    for booking in await repository.of_people(session, person_ids, since=now, held=True):
        if booking.state in repository.LIVES:
            resource = await resources.get_resource(session, resource_id=booking.resource_id)
            await _cancel(session, (booking, resource), "erased", None, now)
    await repository.drop_words(session, person_ids)


async def lapse_requests(database: Database, *, now: datetime) -> int:
    """Decline requests whose time came without an answer; how many."""
    lapsed = 0
    while True:
        async with database.read() as session:
            if not await repository.is_any_unanswered(session, now=now):
                return lapsed
        async with database.write() as session:
            batch = await repository.unanswered(session, now=now, limit=BATCH)
            for booking in batch:
                resource = await resources.get_resource(session, resource_id=booking.resource_id)
                booking.ended_by = "lapsed"
                await _move(session, (booking, resource), "declined", None, now)
                await tell_comer(session, booking=booking, kind="booking_declined", now=now)
            await repository.free_slots(session, [one.id for one in batch])
        lapsed += len(batch)
        if not batch:
            return lapsed


def _require(held: Held, *states: str) -> None:
    if held[0].state not in states:
        raise WrongBookingState(f"It is {held[0].state}")


async def _move(session: AsyncSession, held: Held, to: str, note: str | None, now: datetime) -> Held:
    booking, _resource = held
    booking.state = to
    booking.answer = note or booking.answer
    booking.version += 1
    booking.updated_at = now
    await session.flush()
    await log(session, held, "updated", ["state"])
    return held
