"""States of registrations: which counter of the event each stands in, and how a change of one is logged."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import record_change
from klaster_shared.database import Actor

COLLECTION = "registrations"
COUNTED: Mapping[str, str] = {"confirmed": "confirmed", "pending": "held", "offered": "held", "waiting": "waiting"}
LIVE = frozenset({*COUNTED, "requested"})


def steps(before: str | None, after: str) -> Counter[str]:
    """What a step from one state to another means for the counters of the event."""
    moved: Counter[str] = Counter()
    if before is not None and before in COUNTED:
        moved[COUNTED[before]] -= 1
    if after in COUNTED:
        moved[COUNTED[after]] += 1
    return moved


def log(
    session: AsyncSession, *, kind: Any, event_id: UUID, registration_id: UUID, state: str, actor: Actor | None = None
) -> None:
    """Note a step. The log outlives an erased person: it says that a seat was taken, not by whom."""
    record = {"id": registration_id, "event_id": event_id, "state": state}
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=registration_id,
        changed=["state"],
        record=record,
        audience="office",
        actor=actor,
    )
