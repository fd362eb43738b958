"""What is held about one person's meetings: with whom and when, and what they themselves wrote."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.meetings import repository

_SAID = ("id", "edition_id", "state", "starts_at", "ends_at", "created_at", "updated_at")
_OUTCOME = ("took_place", "rating", "next_step")


async def meetings_of_person(session: AsyncSession, *, person_id: UUID) -> list[dict[str, Any]]:
    """Every meeting that a person asked for or was asked for, the first first. What the other wrote is the other's."""
    rows = await repository.of_person(session, person_id)
    texts = {(one.meeting_id, one.kind): one.text for one in await repository.texts_by(session, person_id)}
    outcomes = {
        (one.meeting_id, one.participant_id): one
        for one in await repository.outcomes_of(session, [meeting.id for meeting, _own in rows])
    }
    found = []
    for meeting, own in rows:
        outcome = outcomes.get((meeting.id, own))
        found.append(
            {
                **{name: getattr(meeting, name) for name in _SAID},
                "participant_id": own,
                "with_participant_id": meeting.asked_id if own == meeting.asked_by_id else meeting.asked_by_id,
                "asked": own == meeting.asked_by_id,
                "message": texts.get((meeting.id, "request")),
                "note": texts.get((meeting.id, "note")),
                "outcome": {name: getattr(outcome, name) for name in _OUTCOME} if outcome else None,
            }
        )
    return found
