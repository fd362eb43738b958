"""Rules of registrations: one person once per event, seats in the order of arrival, the queue moves up by itself.

The locks are taken in one order by everybody: people first, then the event. A registration is moved while its event
is held, and everybody concerned is told in the same transaction.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event
from klaster_events.events.seats import free_seats, is_open, move_counters
from klaster_events.outbox.operations import MessageKind, tell
from klaster_events.registrations import repository
from klaster_events.registrations.errors import (
    NothingOffered,
    NothingToApprove,
    NothingToCancel,
    RegistrationEnded,
    RegistrationNotFound,
)
from klaster_events.registrations.letters import TOLD, letter
from klaster_events.registrations.models import Registration
from klaster_events.registrations.placing import Verdict, register_many
from klaster_events.registrations.queue import expire_due, move_up
from klaster_events.registrations.session_seats.operations import SEATED, choose, leave, sit_down
from klaster_events.registrations.states import LIVE, log, steps
from klaster_events.registrations.wishes import Own, Placed, Wish

__all__ = [
    "Own",
    "Placed",
    "Verdict",
    "Wish",
    "accept_offer",
    "approve",
    "cancel_registration",
    "choose_sessions",
    "decline",
    "decline_offer",
    "expire_due",
    "move_up",
    "register_many",
    "registrations_by_id",
    "registrations_of",
    "verify_address",
]
EndedBy = Literal["self", "office", "partner", "expired", "erased"]
_ENDING_STATES = frozenset({"published", "postponed"})


async def hold_registration(
    session: AsyncSession, *, registration_id: UUID, event_id: UUID | None = None
) -> tuple[Event, Registration]:
    """A registration and its event, held against other writers; raises RegistrationNotFound."""
    found = await repository.find_registration(session, registration_id)
    if found is None or (event_id is not None and found.event_id != event_id):
        raise RegistrationNotFound(f"The event has no registration {registration_id}")
    event = await hold_event(session, event_id=found.event_id)
    held = await repository.find_registration(session, registration_id)
    if held is None:
        raise RegistrationNotFound(f"The event has no registration {registration_id}")
    return event, held


async def verify_address(session: AsyncSession, *, registration_id: UUID, now: datetime) -> Registration:
    """The person followed the link: the address is theirs, and a held seat is now theirs too. Twice changes nothing.

    Raises RegistrationNotFound, or RegistrationEnded where the link came too late.
    """
    event, found = await hold_registration(session, registration_id=registration_id)
    _refuse_ended(event, found)
    if found.verified_at is not None:
        return found
    found.verified_at, found.expires_at = now, None
    if found.state == "pending":
        await _step(session, event, found, "confirmed", now)
        await _tell(session, event, found, "confirmed", now)
        return found
    await _step(session, event, found, found.state, now)
    await move_up(session, event=event, now=now)
    await session.refresh(found)
    if found.state in {"waiting", "requested"}:
        await _tell(session, event, found, TOLD[found.state], now)
    return found


def _refuse_ended(event: Event, found: Registration) -> None:
    if found.state not in LIVE:
        raise RegistrationEnded("This registration has ended: register again to stand last in line")
    if event.state not in _ENDING_STATES:
        raise RegistrationEnded(f"The event is {event.state}")


async def accept_offer(session: AsyncSession, *, registration_id: UUID, now: datetime) -> Registration:
    """Take the seat that is held; twice changes nothing. Raises RegistrationNotFound, or NothingOffered."""
    event, found = await hold_registration(session, registration_id=registration_id)
    if found.state == "confirmed":
        return found
    if found.state != "offered" or event.state not in _ENDING_STATES:
        raise NothingOffered(f"The registration is {found.state}, the event {event.state}")
    found.expires_at = None
    await _step(session, event, found, "confirmed", now)
    await _tell(session, event, found, "confirmed", now)
    return found


async def decline_offer(session: AsyncSession, *, registration_id: UUID, now: datetime) -> Registration:
    """Leave the seat to whoever is next, and the queue; raises RegistrationNotFound, or NothingOffered."""
    event, found = await hold_registration(session, registration_id=registration_id)
    if found.state != "offered":
        raise NothingOffered(f"The registration is {found.state}")
    return await _end(session, event, found, by="self", now=now)


async def cancel_registration(
    session: AsyncSession,
    *,
    registration_id: UUID,
    by: EndedBy,
    now: datetime,
    event_id: UUID | None = None,
    own: Own | None = None,
) -> Registration:
    """Give a seat or a place back; whoever waits longest takes the seat in the same transaction.

    Raises RegistrationNotFound (for a partner, also of people whom it did not register itself: `own`), or
    NothingToCancel where it has ended already or the event is over. Whoever is erased leaves whatever the event is,
    and is written no message.
    """
    event, found = await hold_registration(session, registration_id=registration_id, event_id=event_id)
    if own is not None and not own.holds(found.origin, found.entity_id):
        raise RegistrationNotFound(f"The event has no registration {registration_id} of yours")
    if by != "erased" and (found.state not in LIVE or event.state not in _ENDING_STATES):
        raise NothingToCancel(f"The registration is {found.state}, the event {event.state}")
    if found.state not in LIVE:
        return found
    return await _end(session, event, found, by=by, now=now)


async def approve(
    session: AsyncSession, *, registration_id: UUID, now: datetime, event_id: UUID | None = None
) -> Registration:
    """Say yes: a seat, or a place in the queue where all are taken. Who was declined before can be let in too.

    An address that nobody has confirmed yet holds its seat until its time is over. Raises RegistrationNotFound,
    NothingToApprove, or WrongState where the event takes nobody any more.
    """
    event, found = await hold_registration(session, registration_id=registration_id, event_id=event_id)
    if found.state not in {"requested", "declined"} or not is_open(event, now):
        raise NothingToApprove(f"The registration is {found.state}, the event {event.state}")
    free = free_seats(event)
    verified = found.verified_at is not None or found.state == "declined"
    has_seat = free is None or free > 0
    state = ("confirmed" if verified else "pending") if has_seat else "waiting"
    if verified:
        found.verified_at, found.expires_at = found.verified_at or now, None
    await _step(session, event, found, state, now)
    if verified:
        await _tell(session, event, found, "confirmed" if state == "confirmed" else "waiting", now)
    return found


async def decline(
    session: AsyncSession, *, registration_id: UUID, reason: str, now: datetime, event_id: UUID | None = None
) -> Registration:
    """Say no, with the reason that the person is told; raises RegistrationNotFound, or NothingToApprove."""
    event, found = await hold_registration(session, registration_id=registration_id, event_id=event_id)
    if found.state != "requested":
        raise NothingToApprove(f"The registration is {found.state}")
    found.expires_at = None
    await _step(session, event, found, "declined", now)
    await _tell(session, event, found, "declined", now, reason=reason)
    return found


async def choose_sessions(
    session: AsyncSession,
    *,
    registration_id: UUID,
    sessions: Sequence[UUID],
    now: datetime,
    event_id: UUID | None = None,
) -> Registration:
    """Be in these sessions and no others: seats where the person has one at the event, wishes until then.

    Raises RegistrationNotFound, RegistrationEnded, Invalid for a session that the event does not have, and
    SessionFull with a pointer to each that has no seat left.
    """
    event, found = await hold_registration(session, registration_id=registration_id, event_id=event_id)
    if found.state not in LIVE or not is_open(event, now):
        raise RegistrationEnded(f"The registration is {found.state}, the event {event.state}")
    seated = found.state in SEATED
    changed = await choose(
        session, event_id=event.id, registration_id=found.id, wanted=sessions, seated=seated, now=now
    )
    if changed:
        found.version, found.updated_at = found.version + 1, now
        log(session, kind="updated", event_id=event.id, registration_id=found.id, state=found.state)
    return found


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


async def _end(session: AsyncSession, event: Event, found: Registration, *, by: EndedBy, now: datetime) -> Registration:
    found.ended_by, found.expires_at = by, None
    await _step(session, event, found, "cancelled", now)
    if by != "erased":
        await _tell(session, event, found, "registration_cancelled", now, by=by)
    await move_up(session, event=event, now=now)
    return found


async def _step(session: AsyncSession, event: Event, found: Registration, to: str, now: datetime) -> None:
    before = found.state
    found.state, found.updated_at, found.version = to, now, found.version + 1
    log(session, kind="updated", event_id=event.id, registration_id=found.id, state=to)
    await session.flush()
    moved = steps(before, to)
    if any(moved.values()):
        await move_counters(session, event=event, **moved)
    if to in SEATED and before not in SEATED:
        await sit_down(session, event_id=event.id, registration_ids=[found.id], now=now)
    elif (before in SEATED and to not in SEATED) or to not in LIVE:
        await leave(session, registration_ids=[found.id], now=now)


async def _tell(
    session: AsyncSession, event: Event, found: Registration, kind: MessageKind, now: datetime, **context: Any
) -> None:
    if event.demonstration:
        return
    written = letter(
        event, kind, registration_id=found.id, person_id=found.person_id, language=found.language, **context
    )
    await tell(session, letters=[written], now=now)
