"""What scans change beside themselves: counters of lists, and who is present. Always made anew from what stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.scanned import Seen, apply_scanned
from klaster_events.checkin import repository
from klaster_events.checkin.models import CheckinList
from klaster_events.checkin.presence import at_door, said
from klaster_events.checkin.repository import Marks
from klaster_events.events.models import Event
from klaster_events.registrations.models import Registration
from klaster_shared.database import Actor


@dataclass(frozen=True, slots=True)
class Touched:
    """Whose state may have moved: the registration, if any, and who scanned."""

    registration: Registration | None
    actor: Actor


async def settle(
    session: AsyncSession,
    *,
    event: Event,
    lists: Mapping[UUID, CheckinList],
    touched: Mapping[UUID, Touched],
    before: Marks,
    after: Marks,
    now: datetime,
) -> None:
    """Bring counters and attendance to what stands of these people now, in an event that the caller holds."""
    for list_id in lists:
        entered, inside = _moved(list_id, set(touched), before, after)
        if entered or inside:
            await repository.move_counters(session, list_id, entered=entered, inside=inside)
    sessions = {list_id: one.session_id for list_id, one in lists.items()}
    seen = [
        Seen(
            person_id=person_id,
            registration_id=one.registration.id if one.registration else None,
            entity_id=one.registration.entity_id if one.registration else None,
            actor=one.actor,
            said=said(after.get(person_id, {}), sessions=sessions),
        )
        for person_id, one in touched.items()
    ]
    await apply_scanned(session, event=event, seen=seen, now=now)


def _moved(list_id: UUID, people: set[UUID], before: Marks, after: Marks) -> tuple[int, int]:
    entered = inside = 0
    for person_id in people:
        was = at_door(before.get(person_id, {}).get(list_id, ()))
        becomes = at_door(after.get(person_id, {}).get(list_id, ()))
        entered += becomes.entered - was.entered
        inside += becomes.inside - was.inside
    return entered, inside
