"""Rules of what comes of meetings: how they went, as each side says, and the project that one may become."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.meetings import repository
from klaster_events.meetings.errors import NotYourMeeting, ProjectNeedsEntity, WrongMeetingState
from klaster_events.meetings.models import MeetingOutcome, MeetingText
from klaster_events.meetings.operations import note
from klaster_events.meetings.parties import MeetingSide, Met, Who
from klaster_events.meetings.schemas import OutcomeGiven, ProjectGiven
from klaster_events.proposing.operations import propose
from klaster_events.proposing.schemas import Wish
from klaster_shared.errors import Invalid

_HELD = frozenset({"scheduled", "took_place", "missed"})


def side_of(met: Met, who: Who, said: MeetingSide | None) -> MeetingSide:
    """For which side somebody speaks; raises Invalid where the office does not say, and NotYourMeeting."""
    own = who.sides_of(met)
    if said is not None and said not in own:
        raise NotYourMeeting(f"You do not speak for the {said}")
    if said is None and len(own) > 1:
        raise Invalid.field("/side", "side_needed", "Say for which side: asker or asked")
    return said or own[0]


async def note_outcome(
    session: AsyncSession, *, met: Met, side: MeetingSide, given: OutcomeGiven, now: datetime
) -> Met:
    """How a meeting went, as one side says; said anew it replaces what that side said.

    It took place where either says so. Raises WrongMeetingState before it began, and of one that had no slot.
    """
    meeting, party = met.meeting, met.party(side)
    if meeting.state not in _HELD or meeting.starts_at is None or meeting.starts_at > now:
        raise WrongMeetingState("It has yet to begin" if meeting.state == "scheduled" else f"It is {meeting.state}")
    participant_id = party.participant.id
    said = await repository.find_outcome(session, meeting.id, participant_id)
    if said is None:
        said = MeetingOutcome(
            meeting_id=meeting.id,
            participant_id=participant_id,
            took_place=given.took_place,
            next_step=given.next_step,
            created_at=now,
            updated_at=now,
        )
        session.add(said)
    said.took_place, said.rating, said.next_step = given.took_place, given.rating, given.next_step
    said.updated_at = now
    await session.flush()
    await _keep_note(session, met, side, given.note)
    outcomes = await repository.outcomes_of(session, [meeting.id])
    meeting.state = "took_place" if any(one.took_place for one in outcomes) else "missed"
    note(session, met, ["state", "outcome"], now)
    return met


async def _keep_note(session: AsyncSession, met: Met, side: MeetingSide, text: str | None) -> None:
    party = met.party(side)
    if text is None:
        await repository.drop_text(session, met.meeting.id, party.participant.id, "note")
        return
    one = MeetingText(
        meeting_id=met.meeting.id,
        participant_id=party.participant.id,
        kind="note",
        person_id=party.registration.person_id,
        text=text,
    )
    await repository.write_text(session, one)


async def propose_project(
    session: AsyncSession, *, met: Met, side: MeetingSide, given: ProjectGiven, now: datetime
) -> Met:
    """Propose to the registry the project that a meeting became, in the name of one side's entity. Once.

    It is sent when the registry answers. Raises WrongMeetingState of a meeting that did not take place, and
    ProjectNeedsEntity where that side came without an entity.
    """
    meeting = met.meeting
    if meeting.state != "took_place":
        raise WrongMeetingState(f"It is {meeting.state}: say first that it took place")
    entity = met.party(side).participant.entity_id
    if entity is None:
        raise ProjectNeedsEntity("Whoever proposes it came to the forum for no entity")
    wish = Wish(
        id=meeting.id,
        about="meetings",
        entity_id=entity,
        collection="projects",
        change=_project(met, entity, given),
        note=given.note,
    )
    await propose(session, wish=wish, now=now)
    note(session, met, ["project"], now)
    return met


def _project(met: Met, entity: UUID, given: ProjectGiven) -> dict[str, object]:
    """The project as the registry takes it: both entities take part, the one that proposes it coordinates."""
    others = {party.participant.entity_id for _side, party in met.sides} - {None, entity}
    partners = [{"entity": str(entity), "role": "coordinator"}, *({"entity": str(one)} for one in others)]
    return {
        "title": given.title.model_dump(),
        "kinds": given.kinds,
        "partners": partners,
        "starts_on": given.starts_on.isoformat() if given.starts_on else None,
        "origin": {"kind": "meeting", "url": f"/v1/lsos/meetings/{met.meeting.id}"},
        "note": given.note,
        "source": "lsos",
        "source_key": str(met.meeting.id),
    }
