"""What the office decides of the project that a meeting became: both sides are told."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import get_edition
from klaster_events.meetings import repository
from klaster_events.meetings.operations import note
from klaster_events.meetings.telling import tell_sides
from klaster_events.outbox.kinds import MessageKind
from klaster_events.proposing.models import Outgoing

_LETTERS: dict[str, MessageKind] = {"accepted": "project_accepted", "rejected": "project_rejected"}


async def tell_of_decision(session: AsyncSession, outgoing: Outgoing, now: datetime) -> None:
    """Only what meetings became; of what an entity withdraws nobody is written to."""
    if outgoing.about != "meetings":
        return
    meeting = await repository.find_meeting(session, outgoing.id, held=True)
    if meeting is None:
        return  # forgotten with its people; the project stays the registry's
    met = await repository.met(session, meeting)
    note(session, met, ["project"], now)
    if (kind := _LETTERS.get(outgoing.state)) is not None:
        _edition, event = await get_edition(session, edition_id=meeting.edition_id)
        await tell_sides(session, met=met, event=event, kind=kind, sides=["asker", "asked"], now=now)
