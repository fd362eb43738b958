"""Rules of one's own part in the meetings: whoever has the link joins, says what they seek, sees the others, leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import Held, edition_of, get_edition
from klaster_events.editions.rules import is_going_on
from klaster_events.my_agenda.schemas import PartStep
from klaster_events.own.operations import Own, own_registration
from klaster_events.participants import operations as participants
from klaster_events.participants.errors import EditionNotOpen, ParticipantNotFound, TakesNoPart
from klaster_events.participants.listing import Found
from klaster_events.participants.models import Participant
from klaster_events.participants.schemas import ParticipantListParameters, ParticipantProfile, ParticipantUpdate
from klaster_events.participants.showing import records_of
from klaster_events.people.operations import note_look
from klaster_events.registrations.wishes import NOBODY
from klaster_shared.labels import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A registration behind a link, the edition of its event, and the participant that it is."""

    own: Own
    found: Held | None
    participant: Participant | None

    @property
    def takes_part(self) -> bool:
        """Whether the person takes part now."""
        return self.participant is not None and self.participant.withdrawn_at is None and self.own.is_confirmed


async def own_part(session: AsyncSession, *, token: str, held: bool = False) -> Part:
    """What a link opens; raises LinkRefused. `held`: the edition is held until the transaction ends."""
    own = await own_registration(session, token=token)
    edition = await edition_of(session, event_id=own.event.id)
    if edition is None or edition.state == "draft":
        return Part(own=own, found=None, participant=None)
    found = await get_edition(session, edition_id=edition.id, held=held)
    participant = await participants.participant_of(session, edition_id=edition.id, registration_id=own.registration.id)
    return Part(own=own, found=found, participant=participant)


def steps_of(part: Part, *, now: datetime) -> list[PartStep]:
    """What can be done with one's own part now."""
    going_on = part.found is not None and is_going_on(*part.found, now=now)
    if not part.takes_part:
        return ["join"] if going_on and part.own.is_confirmed and part.own.name else []
    return ["change", "leave"] if going_on else ["leave"]


async def take_part(
    session: AsyncSession,
    *,
    token: str,
    joining: ParticipantProfile,
    changing: ParticipantUpdate | ParticipantProfile,
    now: datetime,
) -> Part:
    """Join with a profile, or change the one there is. Twice changes nothing.

    Raises LinkRefused, EditionNotOpen, NotRegistered, or Invalid.
    """
    part = await own_part(session, token=token, held=True)
    if part.found is None:
        raise EditionNotOpen("The event has no meetings")
    if part.takes_part and part.participant is not None:
        await participants.change_profile(
            session, found=part.found, participant=part.participant, given=changing, now=now
        )
    else:
        registration = part.own.registration
        await participants.join(session, found=part.found, registration=registration, profile=joining, now=now)
    await session.flush()
    return await own_part(session, token=token)


async def leave(session: AsyncSession, *, token: str, now: datetime) -> Part:
    """Take part no more; the registration stands. Twice changes nothing. Raises LinkRefused."""
    part = await own_part(session, token=token, held=True)
    if part.participant is not None:
        await participants.withdraw_participant(session, participant=part.participant, now=now)
        await session.flush()
    return part


async def other_participants(
    session: AsyncSession, *, token: str, parameters: ParticipantListParameters, now: datetime
) -> tuple[Part, Sequence[Found]]:
    """One page of those who take part, and one row more where there is more; the look is recorded.

    Raises LinkRefused, and TakesNoPart: who does not take part sees nobody.
    """
    part = await _taking_part(session, token)
    parameters.withdrawn = False
    rows = await participants.list_participants(session, edition_id=_edition_id(part), parameters=parameters)
    note_look(session, list_name="participants", event_id=part.own.event.id, now=now)
    return part, rows


async def count_others(session: AsyncSession, *, part: Part, parameters: ParticipantListParameters) -> int:
    """How many take part."""
    return await participants.count_participants(session, edition_id=_edition_id(part), parameters=parameters)


async def other_participant(
    session: AsyncSession, *, token: str, participant_id: UUID, now: datetime
) -> tuple[Part, Found]:
    """One of those who take part; the look is recorded. Raises as `other_participants`, and ParticipantNotFound."""
    part = await _taking_part(session, token)
    row = await participants.get_participant(session, edition_id=_edition_id(part), participant_id=participant_id)
    if not participants.takes_part(row):
        raise ParticipantNotFound(f"The edition has no participant {participant_id}")
    note_look(session, list_name="participants", event_id=part.own.event.id, person_id=row[1].person_id, now=now)
    return part, row


async def _taking_part(session: AsyncSession, token: str) -> Part:
    part = await own_part(session, token=token)
    if not part.takes_part:
        raise TakesNoPart("Say who you are first: the others see you as you see them")
    return part


def _edition_id(part: Part) -> UUID:
    assert part.found is not None  # who takes part takes part in an edition
    return part.found[0].id


async def shown(
    session: AsyncSession, *, part: Part, rows: Sequence[Found], language: Language
) -> list[dict[str, Any]]:
    """Participants as the one behind the link sees them: names of those who said so, and everything of oneself."""
    if part.found is None:
        return []
    own = part.participant
    return await records_of(session, found=part.found, rows=rows, language=language, reach=NOBODY, oneself=own)
