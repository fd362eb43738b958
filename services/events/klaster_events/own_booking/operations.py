"""Rules of one's own booking: whoever has the link may read and cancel it, and do nothing else."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings import steps
from klaster_events.bookings.errors import BookingNotFound
from klaster_events.bookings.operations import Held, booking_of_visitor, records_of
from klaster_events.links.errors import LinkRefused
from klaster_events.links.operations import links_of
from klaster_events.people import operations as people
from klaster_events.resources import operations as resources
from klaster_shared.labels import Language


async def own_booking(session: AsyncSession, *, token: str, held: bool = False) -> Held:
    """What a link opens; raises LinkRefused where we did not make it, or what it named is gone."""
    booking_id = (await links_of(session)).read("booking", token)
    try:
        return await booking_of_visitor(session, booking_id=booking_id, held=held)
    except BookingNotFound as error:
        raise LinkRefused("What this link opened is gone") from error


async def cancel(session: AsyncSession, *, token: str, now: datetime) -> Held:
    """Give the time back. A second time changes nothing; raises LinkRefused, BookingBegan or WrongBookingState."""
    return await steps.give_back(session, held=await own_booking(session, token=token, held=True), now=now)


async def in_full(session: AsyncSession, *, held: Held, zone: str, language: Language, now: datetime) -> dict[str, Any]:
    """The booking as whoever comes reads it, on the resource's own clock; `zone`: where it has none any more."""
    booking, resource = held
    [record] = await records_of(session, bookings=[booking], language=language)
    rules = await resources.rules_of(session, resource_id=resource.id)
    kept = steps.hindrance(booking, now=now)
    told = ("id", "resource", "owner", "entity", "starts_at", "ends_at", "state", "ended_by")
    return {
        **{name: record[name] for name in told},
        "zone": rules.zone if rules else zone,
        "name": (await people.names_of(session, ids=[booking.person_id]))[booking.person_id]["name"],
        "purpose": booking.purpose,
        "answer": booking.answer,
        "terms": await resources.terms_accepted(
            session, resource_id=resource.id, version=booking.terms_version, language=language
        ),
        "may": [] if kept else ["cancel"],
        "kept": kept,
    }
