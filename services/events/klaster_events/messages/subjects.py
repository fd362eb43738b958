"""What a message is about: looked up when it is sent, so that it says what is true then."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings.operations import Visit, visits
from klaster_events.editions.models import EditionTable
from klaster_events.events.models import Event
from klaster_events.links.operations import Links, Purpose
from klaster_events.meetings.models import Meeting
from klaster_events.messages import repository
from klaster_events.outbox.models import Message
from klaster_events.people import operations as people
from klaster_events.registrations.models import Registration

# Of bookings that still can be cancelled by whoever comes: the owner's messages of the same booking have no such link.
_TO_VISITORS = {"booking_requested", "booking_approved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A message, its person, and whatever else it speaks of: event, registration, meeting, visit to a laboratory."""

    message: Message
    name: str | None
    email: str | None
    event: Event | None
    registration: Registration | None
    path: str | None
    place: int | None
    interest_state: str | None
    meeting: tuple[Meeting, EditionTable | None] | None = None
    visit: Visit | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has a seat for certain."""
        return self.registration is not None and self.registration.state == "confirmed"

    @property
    def is_verified(self) -> bool:
        """Whether we know that the address is the person's own."""
        return self.registration is None or self.registration.verified_at is not None


async def subjects_of(
    session: AsyncSession, *, messages: Sequence[Message], links: Links, now: datetime
) -> list[Subject]:
    """What these messages are about, in their order."""
    named = await people.names_of(session, ids={message.person_id for message in messages})
    events = await repository.events_by_id(session, {message.event_id for message in messages if message.event_id})
    registrations = await _registrations(session, messages)
    places = await places_in_queue(session, registrations=registrations.values())
    states = await repository.states_of_interests(session, {one for one in map(_interest, messages) if one})
    meetings = await repository.meetings_by_id(session, {one for message in messages if (one := _meeting_of(message))})
    booked = {message.id: UUID(message.context["booking"]) for message in messages if "booking" in message.context}
    visited = await visits(session, ids=set(booked.values()))
    found = []
    for message in messages:
        person = named[message.person_id]
        registration = registrations.get(message.id)
        found.append(
            Subject(
                message=message,
                name=person["name"],
                email=person["email"],
                event=events.get(message.event_id) if message.event_id else None,
                registration=registration,
                path=_path(message, registration, links, now),
                place=places.get(registration.id) if registration else None,
                interest_state=states.get(interest) if (interest := _interest(message)) else None,
                meeting=meetings.get(meeting_id) if (meeting_id := _meeting_of(message)) else None,
                visit=visited.get(booked[message.id]) if message.id in booked else None,
            )
        )
    return found


def _interest(message: Message) -> UUID | None:
    """The interest in a post that a message speaks of."""
    named = message.context.get("interest")
    return UUID(named) if named else None


def _path(message: Message, registration: Registration | None, links: Links, now: datetime) -> str | None:
    """Where the message's link leads. Links are signed when a message goes out: none lies in the database."""
    if registration is not None:
        path = f"/v1/registration-links/{links.sign('registration', registration.id)}"
        return f"{path}/agenda" if message.kind.startswith("meeting_") else path  # where meetings are answered
    if message.kind in _TO_VISITORS and (booking := message.context.get("booking")):
        return f"/v1/booking-links/{links.sign('booking', UUID(booking))}"
    purpose: Purpose | None = message.context.get("purpose") if message.kind == "privacy_link" else None
    if purpose in {"export", "erase"}:
        return f"/v1/privacy/{purpose}/{links.sign_for_a_while(purpose, message.person_id, now=now)}"
    return None


def _meeting_of(message: Message) -> UUID | None:
    """The meeting that a message is about. The context holds what is plain JSON."""
    said = message.context.get("meeting")
    return UUID(said) if said else None


async def places_in_queue(session: AsyncSession, *, registrations: Collection[Registration]) -> dict[UUID, int]:
    """The place of each of these that waits, by registration."""
    waiting = [one for one in registrations if one.state == "waiting"]
    return {one.id: await repository.place_in_queue(session, one) for one in waiting}


async def _registrations(session: AsyncSession, messages: Sequence[Message]) -> dict[UUID, Registration]:
    """The registration of each message, by the message's id."""
    ids = {message.registration_id for message in messages if message.registration_id}
    found = await repository.registrations_by_id(session, ids)
    return {message.id: found[message.registration_id] for message in messages if message.registration_id in found}
