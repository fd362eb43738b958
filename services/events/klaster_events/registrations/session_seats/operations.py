"""Rules of seats in sessions. The event's row, which every caller holds, keeps others away from all of them.

A session without a capacity takes everybody. Whoever has no seat at the event itself keeps a wish, which becomes a
seat with the event's as far as there is one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda.models import AgendaSession
from klaster_events.registrations.errors import SessionFull
from klaster_events.registrations.session_seats import repository
from klaster_shared.errors import FieldError, Invalid

SEATED = frozenset({"confirmed", "pending"})  # states of a registration that sit in its sessions too


class Openings:
    """The sessions of an event whose row is held, and what is taken of them while wishes are looked at."""

    def __init__(self, sessions: dict[UUID, AgendaSession]) -> None:
        self._sessions = sessions
        self._free = {one.id: None if one.capacity is None else one.capacity - one.taken for one in sessions.values()}
        self._rows: list[tuple[UUID, UUID, str]] = []
        self._taken: dict[UUID, int] = {}

    def check(self, wanted: Sequence[UUID], *, seated: bool) -> None:
        """Raises Invalid for a session of no such event or named twice, SessionFull where a seat cannot be had."""
        wrong = [
            FieldError(
                pointer=f"/sessions/{number}",
                code="unknown_session",
                detail=f"The event has no session {one}",
            )
            for number, one in enumerate(wanted)
            if one not in self._sessions or one in wanted[:number]
        ]
        if wrong:
            raise Invalid(wrong[0]["detail"], errors=wrong)
        full = [
            FieldError(pointer=f"/sessions/{number}", code="session_full", detail=f"The session {one} is full")
            for number, one in enumerate(wanted)
            if seated and self._free[one] == 0
        ]
        if full:
            raise SessionFull(full[0]["detail"], errors=full)

    def take(self, registration_id: UUID, wanted: Sequence[UUID], *, seated: bool) -> None:
        """Note seats, or wishes, that were checked."""
        for one in wanted:
            self._rows.append((registration_id, one, "taken" if seated else "wanted"))
            if seated:
                self._taken[one] = self._taken.get(one, 0) + 1
                free = self._free[one]
                self._free[one] = None if free is None else free - 1

    async def write(self, session: AsyncSession, *, now: datetime) -> None:
        """Write what was noted; the database refuses one seat too many."""
        for session_id in sorted(self._taken):
            if not await repository.take(session, session_id, self._taken[session_id]):
                raise SessionFull(f"The session {session_id} is full")
        await repository.write(session, [repository.row(*one, now=now) for one in self._rows])


async def openings_of(session: AsyncSession, *, event_id: UUID) -> Openings:
    """The sessions of an event that the caller holds."""
    return Openings(await repository.sessions(session, event_id))


async def sit_down(session: AsyncSession, *, event_id: UUID, registration_ids: Sequence[UUID], now: datetime) -> None:
    """These have a seat at the event now, the first in line first: their wishes become seats where there are any."""
    wishes = await repository.seats_of(session, registration_ids)
    if not any(state == "wanted" for _, _, state in wishes):
        return
    openings = await openings_of(session, event_id=event_id)
    for registration_id in registration_ids:
        for of, session_id, state in wishes:
            if of == registration_id and state == "wanted":
                _take_if_free(openings, registration_id, session_id)
    await openings.write(session, now=now)


def _take_if_free(openings: Openings, registration_id: UUID, session_id: UUID) -> None:
    try:
        openings.check([session_id], seated=True)
    except SessionFull:
        return  # the wish stays: whoever gives a seat back gives it to the first who wants it
    openings.take(registration_id, [session_id], seated=True)


async def leave(session: AsyncSession, *, registration_ids: Collection[UUID], now: datetime) -> None:
    """These have no seat at the event any more: their seats in sessions go to those who want them."""
    seats = await repository.seats_of(session, registration_ids)
    if not seats:
        return
    await repository.remove(session, registration_ids)
    for session_id in sorted({one for _, one, state in seats if state == "taken"}):
        freed = sum(1 for _, one, state in seats if one == session_id and state == "taken")
        await _hand_on(session, session_id, freed, now)


async def _hand_on(session: AsyncSession, session_id: UUID, freed: int, now: datetime) -> None:
    heirs = await repository.who_wants(session, session_id, states=SEATED, limit=freed)
    if len(heirs) != freed:
        await repository.take(session, session_id, len(heirs) - freed)
    await repository.write(session, [repository.row(heir, session_id, "taken", now) for heir in heirs])


async def hand_out(session: AsyncSession, *, found: AgendaSession, now: datetime) -> None:
    """Give the free seats of a session, whose event the caller holds, to those who want one, in their order."""
    free = None if found.capacity is None else found.capacity - found.taken
    if free is not None and free <= 0:
        return
    heirs = await repository.who_wants(session, found.id, states=SEATED, limit=free)
    if heirs:
        await repository.take(session, found.id, len(heirs))
        await repository.write(session, [repository.row(heir, found.id, "taken", now) for heir in heirs])
        await session.refresh(found, ["taken"])


async def choose(
    session: AsyncSession, *, event_id: UUID, registration_id: UUID, wanted: Sequence[UUID], seated: bool, now: datetime
) -> bool:
    """These sessions and no others, of a registration whose event the caller holds; whether that changes anything.

    Raises Invalid, or SessionFull where a session that is new to it has no seat left.
    """
    before = {one: state for _, one, state in await repository.seats_of(session, [registration_id])}
    openings = await openings_of(session, event_id=event_id)
    openings.check(wanted, seated=False)
    added = [one for one in wanted if before.get(one) not in ({"taken"} if seated else {"taken", "wanted"})]
    fresh = [one for one in added if one not in before]
    if seated and fresh:
        # Named by their places in the request, not among the fresh ones.
        _check_fresh(openings, wanted, fresh)
    for one in added:
        if seated and one not in fresh:
            _take_if_free(openings, registration_id, one)
        else:
            openings.take(registration_id, [one], seated=seated)
    await openings.write(session, now=now)
    dropped = before.keys() - set(wanted)
    for one in sorted(dropped):
        await repository.remove_one(session, registration_id, one)
        if before[one] == "taken":
            await _hand_on(session, one, 1, now)
    return bool(fresh or dropped)


def _check_fresh(openings: Openings, wanted: Sequence[UUID], fresh: Collection[UUID]) -> None:
    errors: list[FieldError] = []
    for number, one in enumerate(wanted):
        if one in fresh:
            try:
                openings.check([one], seated=True)
            except SessionFull as full:
                errors += [FieldError({**error, "pointer": f"/sessions/{number}"}) for error in full.errors]
    if errors:
        raise SessionFull(errors[0]["detail"], errors=errors)


async def sessions_of(
    session: AsyncSession, *, registration_ids: Collection[UUID]
) -> dict[UUID, list[dict[str, object]]]:
    """Seats and wishes of these registrations, as they are written in answers."""
    found: dict[UUID, list[dict[str, object]]] = {}
    for registration_id, session_id, state in await repository.seats_of(session, registration_ids):
        found.setdefault(registration_id, []).append({"session_id": session_id, "state": state})
    return found
