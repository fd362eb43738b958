"""What people are told about their registrations. Nothing about a demonstration: its people are invented."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from klaster_events.events.models import Event
from klaster_events.outbox.operations import Letter, MessageKind

CONFIRM_HOURS = 24  # where nothing else is set
# Of states a person is in for the first time: what an address that somebody vouches for is told.
TOLD: Mapping[str, MessageKind] = {"confirmed": "confirmed", "waiting": "waiting", "requested": "requested"}


def answer_by(event: Event, *, hours: int, asked_at: datetime) -> datetime:
    """Until when somebody who was asked at a moment may answer: never beyond the event's beginning."""
    return min(asked_at + timedelta(hours=hours), event.starts_at)


def letter(
    event: Event,
    kind: MessageKind,
    *,
    registration_id: UUID,
    person_id: UUID,
    language: str,
    key: str | None = None,
    **context: Any,
) -> Letter:
    """A message about a registration. What asks for an answer carries the `hours` that there are for it."""
    return Letter(
        kind=kind,
        person_id=person_id,
        language=language,
        event_id=event.id,
        registration_id=registration_id,
        context=context,
        key=key,
    )


def again_key(registration_id: UUID, now: datetime) -> str:
    """Whoever registers a stranger's address over and over writes them one message an hour at most."""
    return f"again:{registration_id}:{now:%Y%m%d%H}"
