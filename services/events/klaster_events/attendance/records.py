"""What the change log says of attendance: that somebody came, not who."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import record_change
from klaster_shared.database import Actor

COLLECTION = "attendance"


def log(
    session: AsyncSession, attendance_id: UUID, event_id: UUID, *, present: bool, kind: Any, actor: Actor | None = None
) -> None:
    """Note that a person is present by now, or is not any more."""
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=attendance_id,
        changed=["present"],
        record={"id": attendance_id, "event_id": event_id, "present": present},
        audience="office",
        actor=actor,
    )
