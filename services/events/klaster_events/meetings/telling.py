"""What the two are told, written beside its reason. Letters name nobody: whom they meet, the link shows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events.models import Event
from klaster_events.meetings.parties import MeetingSide, Met
from klaster_events.outbox.operations import Letter, MessageKind, tell


def letters(met: Met, event: Event, kind: MessageKind, sides: Sequence[MeetingSide]) -> list[Letter]:
    """One letter for each of these sides; none about a demonstration. A second one of a version is never written."""
    if event.demonstration:
        return []
    meeting = met.meeting
    slot = meeting.starts_at.isoformat() if meeting.starts_at else None
    return [
        Letter(
            kind=kind,
            person_id=party.registration.person_id,
            language=party.registration.language,
            event_id=event.id,
            registration_id=party.registration.id,
            context={"meeting": str(meeting.id), "state": meeting.state, "slot": slot},
            key=f"{kind}:{meeting.id}:{meeting.version}:{side}",
        )
        for side, party in met.sides
        if side in sides
    ]


async def tell_sides(
    session: AsyncSession, *, met: Met, event: Event, kind: MessageKind, sides: Sequence[MeetingSide], now: datetime
) -> None:
    """Put them into the outbox."""
    await tell(session, letters=letters(met, event, kind, sides), now=now)
