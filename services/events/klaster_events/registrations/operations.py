"""Rules of registrations: one person once per event, seats in the order of arrival, the queue moves up by itself.

The locks are taken in one order by everybody: people first, then the event.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.models import Event
from klaster_events.events.seats import free_seats, move_counters, take_place
from klaster_events.people import operations as people
from klaster_events.people.schemas import PersonGiven
from klaster_events.registrations import repository
from klaster_events.registrations.codes import new_code
from klaster_events.registrations.errors import AlreadyRegistered, NothingToCancel, RegistrationNotFound
from klaster_events.registrations.models import Registration
from klaster_events.registrations.schemas import RegistrationCreate, RegistrationListParameters
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id

COLLECTION = "registrations"


async def register(
    session: AsyncSession,
    *,
    event_id: UUID,
    given: RegistrationCreate,
    entity: Checked,
    telling: bool,
    now: datetime,
) -> Registration:
    """Give a person a seat, or a place in the queue.

    A person who is registered already keeps what they have: AlreadyRegistered is raised where the caller may know
    that (`telling`), otherwise the answer is the first one again. Who cancelled and comes back stands last in line.
    Raises EventNotFound or WrongState where nobody can register.
    """
    person = PersonGiven(name=given.name, email=given.email)
    [person_id] = await people.find_or_add_people(session, given=[person], now=now)
    known = (await repository.of_people(session, event_id, [person_id])).get(person_id)
    if known is not None and known.state != "cancelled":
        if telling:
            raise AlreadyRegistered(f"The person has the registration {known.id}: {known.state}", id=str(known.id))
        return known
    await entities.keep(session, facts=entity.new, now=now)
    place, ticket = await take_place(session, event_id=event_id, now=now)
    kind = "created" if known is None else "updated"
    placed = known or Registration(
        id=new_id(),
        event_id=event_id,
        person_id=person_id,
        state=place,
        ticket=ticket,
        code=new_code(),
        created_at=now,
        updated_at=now,
    )
    placed.entity_id = entity.living[given.entity_id] if given.entity_id else None
    placed.state, placed.ticket, placed.updated_at = place, ticket, now
    session.add(placed)
    _log(session, kind, event_id, placed.id, place)
    return placed


async def cancel(session: AsyncSession, *, event: Event, registration_id: UUID, now: datetime) -> Registration:
    """Give a seat back, in an event that the caller holds; whoever waits longest takes it in the same transaction.

    Raises RegistrationNotFound, or NothingToCancel where it is cancelled already or the event is closed.
    """
    found = await repository.find_registration(session, event.id, registration_id)
    if found is None:
        raise RegistrationNotFound(f"The event has no registration {registration_id}")
    if found.state == "cancelled" or event.state != "published":
        raise NothingToCancel(f"The registration is {found.state}, the event {event.state}")
    given_up, found.state, found.updated_at = found.state, "cancelled", now
    _log(session, "updated", event.id, found.id, "cancelled")
    await session.flush()
    await move_counters(session, event=event, **{given_up: -1})
    await move_up(session, event=event, now=now)
    return found


async def move_up(session: AsyncSession, *, event: Event, now: datetime) -> int:
    """Give the free seats of an event that the caller holds to those who wait longest; how many moved up."""
    free = free_seats(event)
    if event.state != "published" or not event.waiting or (free is not None and free <= 0):
        return 0
    ids = await repository.first_waiting(session, event.id, limit=free)
    await repository.confirm(session, ids, now=now)
    await move_counters(session, event=event, confirmed=len(ids), waiting=-len(ids))
    for registration_id in ids:
        _log(session, "updated", event.id, registration_id, "confirmed")
    return len(ids)


async def list_registrations(
    session: AsyncSession, *, event_id: UUID, parameters: RegistrationListParameters
) -> Sequence[Registration]:
    """One page in the order of arrival, and one row more where there is more."""
    return await repository.registrations_page(session, event_id, parameters)


async def count_registrations(session: AsyncSession, *, event_id: UUID, parameters: RegistrationListParameters) -> int:
    """How many there are in all."""
    return await repository.count_registrations(session, event_id, parameters)


async def registrations_of(
    session: AsyncSession, *, event_id: UUID, people_ids: Collection[UUID]
) -> dict[UUID, Registration]:
    """The registrations of these people for an event."""
    return await repository.of_people(session, event_id, people_ids)


async def registrations_by_id(
    session: AsyncSession, *, event_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Registration]:
    """These registrations, as far as they are the event's."""
    return await repository.by_ids(session, event_id, ids)


async def records_of(session: AsyncSession, *, registrations: Sequence[Registration]) -> list[dict[str, Any]]:
    """Registrations with the people behind them, for those who may know."""
    named = await people.names_of(session, ids={row.person_id for row in registrations})
    return [{**row.model_dump(exclude={"person_id"}), "person": named[row.person_id]} for row in registrations]


def _log(session: AsyncSession, kind: Any, event_id: UUID, registration_id: UUID, state: str) -> None:
    # The log outlives an erased person: it says that a seat was taken, not by whom.
    record = {"id": registration_id, "event_id": event_id, "state": state}
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=registration_id,
        changed=["state"],
        record=record,
        audience="office",
    )
