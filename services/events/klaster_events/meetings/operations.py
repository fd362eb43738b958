"""Rules of asking for meetings: who may ask whom, one live meeting of two at a time, answered in time or not at all.

When and where they meet stands in `placing`, what came of it in `outcomes`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.models import Edition
from klaster_events.editions.operations import get_edition
from klaster_events.editions.rules import is_going_on, may_ask, requests_until
from klaster_events.entities import operations as entities
from klaster_events.events.models import Event
from klaster_events.meetings import repository
from klaster_events.meetings.errors import (
    MayNotAsk,
    MeetingExists,
    MeetingNotFound,
    MeetingsClosed,
    MeetingWasDeclined,
    NotAParticipant,
    NotYourMeeting,
    NotYourParticipant,
    WrongMeetingState,
)
from klaster_events.meetings.models import Meeting, MeetingText
from klaster_events.meetings.parties import MeetingSide, Met, Party, Who
from klaster_events.meetings.records import feed_record
from klaster_events.meetings.schemas import MeetingCreate, MeetingListParameters
from klaster_events.meetings.telling import tell_sides
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id

COLLECTION = "meetings"


async def list_meetings(
    session: AsyncSession, *, edition_id: UUID, parameters: MeetingListParameters, who: Who
) -> Sequence[Meeting]:
    """One page of what somebody may see, the last first, and one row more where there is more."""
    return await repository.meetings_page(session, await _asked(session, edition_id, parameters, who))


async def count_meetings(
    session: AsyncSession, *, edition_id: UUID, parameters: MeetingListParameters, who: Who
) -> int:
    """How many there are in all."""
    return await repository.count_meetings(session, await _asked(session, edition_id, parameters, who))


async def _asked(
    session: AsyncSession, edition_id: UUID, parameters: MeetingListParameters, who: Who
) -> repository.Asked:
    named = await entities.one_with(session, ids=parameters.entity) if parameters.entity else None
    return repository.Asked(edition_id=edition_id, parameters=parameters, who=who, entities=named)


async def own_party(session: AsyncSession, *, registration_id: UUID) -> Party:
    """The participant that a registration is; raises NotAParticipant."""
    found = await repository.party_of(session, registration_id)
    if found is None:
        raise NotAParticipant("Join the meetings of the event first")
    return found


async def get_meeting(session: AsyncSession, *, meeting_id: UUID, who: Who, held: bool = False) -> Met:
    """One meeting with its two, for either and the office; raises MeetingNotFound, also for everybody else."""
    found = await repository.find_meeting(session, meeting_id, held=held)
    met = await repository.met(session, found) if found is not None else None
    if met is None or not who.sides_of(met):
        raise MeetingNotFound(f"There is no meeting {meeting_id}")
    return met


async def request_meeting(
    session: AsyncSession, *, edition_id: UUID, given: MeetingCreate, who: Who, now: datetime
) -> Met:
    """Ask a participant for a meeting; accepted at once where the edition says so, or they asked the same before.

    Raises EditionNotFound, MeetingsClosed out of time, Invalid on who takes no part, NotYourParticipant, MayNotAsk
    where the rules of the edition are against it, MeetingExists, and MeetingWasDeclined.
    """
    edition, event = await get_edition(session, edition_id=edition_id)
    asker, asked = await _two(session, edition, given, who)
    _refuse_out_of_time(edition, event, now)
    if not may_ask(edition, asker=asker.participant.kind, asked=asked.participant.kind):
        raise MayNotAsk(f"A {asker.participant.kind} does not ask a {asked.participant.kind}")
    first, second = sorted((asker.participant.id, asked.participant.id))
    for before in await repository.between(session, edition_id, first, second):
        if (mutual := await _answered_by_asking(session, before, given, event, now)) is not None:
            return mutual
    automatic = edition.acceptance == "automatic"
    meeting = Meeting(
        id=new_id(),
        edition_id=edition_id,
        asked_by_id=asker.participant.id,
        asked_id=asked.participant.id,
        first_id=first,
        second_id=second,
        state="accepted" if automatic else "requested",
        mutual=False,
        asker_priority=given.priority,
        expires_at=min(now + timedelta(hours=edition.answers_within_hours), event.ends_at),
        answered_at=now if automatic else None,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(meeting)
    await session.flush()
    await _keep_message(session, meeting, asker, given.message)
    met = Met(meeting, asker, asked)
    log(session, met, "created")
    kind = "meeting_accepted" if automatic else "meeting_requested"
    await tell_sides(session, met=met, event=event, kind=kind, sides=["asked"], now=now)  # type: ignore[arg-type]
    return met


async def _two(session: AsyncSession, edition: Edition, given: MeetingCreate, who: Who) -> tuple[Party, Party]:
    """Held, so that two requests of one pair come one after the other."""
    if given.asked_by == given.asked:
        raise Invalid.field("/asked", "same_participant", "Nobody meets themselves")
    found = await repository.parties(session, {given.asked_by, given.asked}, held=True)
    asker, asked = (
        _here(found.get(one), edition, pointer)
        for pointer, one in (("/asked_by", given.asked_by), ("/asked", given.asked))
    )
    if not who.speaks_for(asker):
        raise NotYourParticipant("Your entity did not send whoever would ask")
    if asker.registration.person_id == asked.registration.person_id:
        raise Invalid.field("/asked", "same_participant", "Nobody meets themselves")
    return asker, asked


def _here(party: Party | None, edition: Edition, pointer: str) -> Party:
    if party is None or party.participant.edition_id != edition.id:
        raise Invalid.field(pointer, "unknown_participant", "There is no such participant of this edition")
    if not party.is_here:
        raise Invalid.field(pointer, "participant_gone", "They take no part any more")
    return party


def _refuse_out_of_time(edition: Edition, event: Event, now: datetime) -> None:
    if not is_going_on(edition, event, now=now):
        raise MeetingsClosed(f"The edition is {edition.state}, its event {event.state}")
    if requests_until(edition, event) <= now:
        raise MeetingsClosed(f"Requests were made until {requests_until(edition, event).isoformat()}")


async def _answered_by_asking(
    session: AsyncSession, before: Meeting, given: MeetingCreate, event: Event, now: datetime
) -> Met | None:
    """Whoever is asked and asks the same says yes; raises MeetingExists, or MeetingWasDeclined by the other."""
    theirs = before.asked_by_id == given.asked
    if before.state == "requested" and theirs:
        held = await repository.find_meeting(session, before.id, held=True)
        if held is not None and held.state == "requested":
            met = await repository.met(session, held)
            held.mutual = True
            return await _accept(session, met, event, priority=given.priority, now=now)
    if before.state in {"requested", "accepted", "scheduled"}:
        raise MeetingExists(f"It is {before.state}: /v1/lsos/meetings/{before.id}", meeting=str(before.id))
    if before.state == "declined" and not theirs:
        raise MeetingWasDeclined("You may still be asked by them")
    return None


async def _keep_message(session: AsyncSession, meeting: Meeting, asker: Party, text: str | None) -> None:
    if text is not None:
        one = MeetingText(
            meeting_id=meeting.id,
            participant_id=asker.participant.id,
            kind="request",
            person_id=asker.registration.person_id,
            text=text,
        )
        await repository.write_text(session, one)


async def accept(session: AsyncSession, *, met: Met, who: Who, priority: int, now: datetime) -> Met:
    """Say yes to a request that the caller holds; raises NotYourMeeting, WrongMeetingState, MeetingsClosed."""
    require_side(met, who, "asked")
    meeting = met.meeting
    if meeting.state != "requested" or (meeting.expires_at is not None and meeting.expires_at <= now):
        raise WrongMeetingState("Its time is over" if meeting.state == "requested" else f"It is {meeting.state}")
    edition, event = await get_edition(session, edition_id=meeting.edition_id)
    if not is_going_on(edition, event, now=now):
        raise MeetingsClosed(f"The edition is {edition.state}, its event {event.state}")
    return await _accept(session, met, event, priority=priority, now=now)


async def _accept(session: AsyncSession, met: Met, event: Event, *, priority: int, now: datetime) -> Met:
    meeting = met.meeting
    meeting.state, meeting.asked_priority, meeting.answered_at = "accepted", priority, now
    note(session, met, ["state", "asked_priority"], now)
    await tell_sides(session, met=met, event=event, kind="meeting_accepted", sides=["asker"], now=now)
    return met


async def decline(session: AsyncSession, *, met: Met, who: Who, now: datetime) -> Met:
    """Say no to a request that the caller holds; raises NotYourMeeting, WrongMeetingState."""
    require_side(met, who, "asked")
    if met.meeting.state != "requested":
        raise WrongMeetingState(f"It is {met.meeting.state}: cancel it instead")
    _edition, event = await get_edition(session, edition_id=met.meeting.edition_id)
    met.meeting.state, met.meeting.answered_at = "declined", now
    note(session, met, ["state"], now)
    await tell_sides(session, met=met, event=event, kind="meeting_declined", sides=["asker"], now=now)
    return met


async def cancel(session: AsyncSession, *, met: Met, who: Who, now: datetime) -> Met:
    """Call off what the caller holds: a request by who asked, a meeting by either. Slot and table are free again.

    Raises NotYourMeeting, and WrongMeetingState once it has begun or ended.
    """
    meeting = met.meeting
    sides = who.sides_of(met)
    if meeting.state == "requested":
        require_side(met, who, "asker")
    elif meeting.state not in {"accepted", "scheduled"}:
        raise WrongMeetingState(f"It is {meeting.state}")
    if meeting.starts_at is not None and meeting.starts_at <= now:
        raise WrongMeetingState("It has begun: say how it went instead")
    by = "office" if who.office else sides[0]
    told: list[MeetingSide] = [side for side, _party in met.sides if who.office or side not in sides]
    _edition, event = await get_edition(session, edition_id=meeting.edition_id)
    known = meeting.state != "requested" or who.office
    await call_off(session, met=met, event=event, by=by, told=told if known else [], now=now)
    return met


async def call_off(
    session: AsyncSession, *, met: Met, event: Event, by: str, told: Sequence[MeetingSide], now: datetime
) -> None:
    """End a live meeting that the caller holds, and tell who has to know."""
    await repository.free(session, [met.meeting.id])
    met.meeting.end(by=by)
    note(session, met, ["state", "starts_at", "ends_at", "table"], now)
    await tell_sides(session, met=met, event=event, kind="meeting_cancelled", sides=told, now=now)


async def forget_meetings(session: AsyncSession, *, person_ids: Collection[UUID]) -> None:
    """Delete what these people wrote, who are being erased; that two met stays a number."""
    await repository.drop_texts(session, person_ids)


def require_side(met: Met, who: Who, side: MeetingSide) -> None:
    """Raises NotYourMeeting for whoever stands on the other side alone."""
    if side not in who.sides_of(met):
        raise NotYourMeeting("Who was asked decides" if side == "asked" else "Who asked does this")


def note(session: AsyncSession, met: Met, changed: Sequence[str], now: datetime) -> None:
    """A new version of a meeting that the caller holds, in the change log."""
    met.meeting.version += 1
    met.meeting.updated_at = now
    log(session, met, "updated", changed)


def log(session: AsyncSession, met: Met, kind: Any, changed: Sequence[str] = ()) -> None:
    """Note the record after a change. Who meets whom is between the two: the feed tells the office alone."""
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=met.meeting.id,
        changed=changed,
        record=feed_record(met),
        audience="office",
    )
