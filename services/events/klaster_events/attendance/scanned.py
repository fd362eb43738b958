"""What check-in tells attendance: who is present by scans. A sheet and a scan add to each other.

A sheet that says "did not come" takes nothing back that a scan says, whichever arrives first: a wrong scan is undone at
the door. So presence follows from all scans and the last sheet, and from no order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance import repository
from klaster_events.attendance.records import log
from klaster_events.events.models import Event
from klaster_events.events.operations import note_change
from klaster_shared.database import Actor
from klaster_shared.identifiers import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A person, and what all scans of an event say together; `said` is None where none stands any more."""

    person_id: UUID
    registration_id: UUID | None
    entity_id: UUID | None
    actor: Actor
    said: dict[str, Any] | None


async def apply_scanned(session: AsyncSession, *, event: Event, seen: Sequence[Seen], now: datetime) -> None:
    """Write down what scans say of these people, and count who is present, in an event that the caller holds."""
    known = await repository.known(session, event.id, [one.person_id for one in seen])
    rows = []
    moved = 0
    for one in seen:
        before = known.get(one.person_id)
        if before is None and one.said is None:
            continue
        if before is not None and before.scanned == one.said:
            continue
        row = _row(event.id, one, before, now)
        rows.append(row)
        change = int(row["present"]) - int(before.present if before else False)
        moved += change
        if change:
            log(
                session,
                row["id"],
                event.id,
                present=row["present"],
                kind="updated" if before else "created",
                actor=one.actor,
            )
    if not rows:
        return
    await repository.write(session, rows)
    if moved:
        event.present += moved
        # While people come in, this is no new version, as with seats. Afterwards figures have counted it.
        if event.state == "completed":
            await note_change(session, event=event, changed=["present"], now=now)


def _row(event_id: UUID, one: Seen, before: repository.Known | None, now: datetime) -> dict[str, Any]:
    on_sheet = before.on_sheet if before else None
    origin = "checkin" if one.said is not None or before is None else "sheet" if on_sheet is not None else before.origin
    return {
        "id": before.id if before else new_id(),
        "event_id": event_id,
        "person_id": one.person_id,
        "registration_id": one.registration_id,
        "entity_id": one.entity_id,
        "present": one.said is not None or bool(on_sheet),
        "on_sheet": on_sheet,
        "scanned": one.said,
        "origin": origin,
        "minutes": before.minutes if before else None,
        "recorded_at": now,
    }
