"""What a device needs to go on without a network, and finding people by name."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.checkin import repository
from klaster_events.checkin.judging import standing
from klaster_events.checkin.models import CheckinList
from klaster_events.checkin.presence import at_door
from klaster_events.checkin.telling import arrivals
from klaster_events.registrations.models import Registration
from klaster_events.registrations.operations import registrations_by_id
from klaster_shared.text import fold

MOST_FOUND = 20  # a door that has more to choose from writes more of the name


async def registrations_page(
    session: AsyncSession, *, door: CheckinList, cursor: str | None, limit: int
) -> Sequence[Registration]:
    """Registrations of the list's event, and one row more where there is more."""
    return await repository.registrations_page(session, door.event_id, cursor=cursor, limit=limit)


async def count_people(session: AsyncSession, *, door: CheckinList) -> int:
    """How many there are in all."""
    return await repository.count_registrations(session, door.event_id)


async def people_of(
    session: AsyncSession, *, door: CheckinList, registrations: Sequence[Registration], all_names: bool = False
) -> list[dict[str, Any]]:
    """Registrations as a device knows them. Without `all_names`, those alone are named who may come in."""
    seats = await _seats(session, door, registrations)
    reasons = {one.id: _reason(one, door, seats) for one in registrations}
    named = [one for one in registrations if all_names or reasons[one.id] is None]
    shown = await arrivals(session, people_ids={one.person_id for one in named}, registrations=named)
    marks = await repository.marks_of(session, [door.id], {one.person_id for one in registrations})
    found = []
    for one in registrations:
        seen = at_door(marks.get(one.person_id, {}).get(door.id, ()))
        found.append(
            {
                "registration_id": one.id,
                "digest": sha256(one.code.encode()).hexdigest() if one.code else None,
                "reason": reasons[one.id],
                "person": shown.get(one.person_id),
                "entered": seen.entered,
                "inside": seen.inside,
            }
        )
    return found


async def search(session: AsyncSession, *, door: CheckinList, q: str) -> tuple[list[dict[str, Any]], bool]:
    """People of the list's event whose name holds every word of `q`, and whether there are more than are shown.

    Names are compared here, folded as everywhere: an event has some thousand people, and a name stands in no index.
    """
    words = fold(q).split()
    ids = [
        registration_id
        for registration_id, name in await repository.names_at(session, door.event_id)
        if words and all(word in fold(name) for word in words)
    ]
    shown = ids[:MOST_FOUND]
    by_id = await registrations_by_id(session, event_id=door.event_id, ids=shown)
    found = [by_id[one] for one in shown if one in by_id]
    return await people_of(session, door=door, registrations=found, all_names=True), len(ids) > MOST_FOUND


async def _seats(session: AsyncSession, door: CheckinList, registrations: Collection[Registration]) -> set[UUID]:
    if door.session_id is None:
        return set()
    found = await repository.seated(session, [door.session_id], tuple(one.id for one in registrations))
    return {registration_id for _, registration_id in found}


def _reason(registration: Registration, door: CheckinList, seats: Collection[UUID]) -> str | None:
    reason = standing(registration.state)
    if reason is None and door.session_id is not None and registration.id not in seats:
        return "rules"
    return reason
