"""Rules of privacy: what is personal goes, random ids stay, so that no figure moves.

The locks are taken in the order that everybody keeps: people first, then events.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda.models import AgendaSession
from klaster_events.attendance.models import Attendance
from klaster_events.board.models import BoardPost
from klaster_events.bookings.models import Booking
from klaster_events.bookings.steps import forget_bookings
from klaster_events.checkin.models import Scan
from klaster_events.consents.operations import forget_consents
from klaster_events.events.models import Event
from klaster_events.interests.models import Interest
from klaster_events.interests.operations import forget_interests
from klaster_events.meetings.operations import forget_meetings
from klaster_events.outbox.models import Message
from klaster_events.outbox.operations import Letter, tell
from klaster_events.participants.models import Participant
from klaster_events.participants.operations import forget_participants
from klaster_events.people import operations as people
from klaster_events.people.models import PersonalDataRead
from klaster_events.privacy import repository
from klaster_events.privacy.errors import PersonNotFound
from klaster_events.privacy.schemas import PrivacyPurpose
from klaster_events.registrations.models import Registration
from klaster_events.registrations.operations import cancel_registration
from klaster_events.resources.models import Resource
from klaster_events.showcase.audience import forget_contacts
from klaster_events.showcase.models import ShowcaseContact, ShowcaseItem
from klaster_shared.changes import record_change
from klaster_shared.database import acting

COLLECTION = "erasures"
Reason = Literal["asked", "authority", "mistake", "retention", "restored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsAbout:
    """The rows behind a person's random id."""

    registrations: Sequence[tuple[Registration, Event, Any]]
    sessions: Sequence[tuple[UUID, AgendaSession, str]]
    attendance: Sequence[tuple[Attendance, Event]]
    scans: Sequence[tuple[Scan, UUID]]
    posts: Sequence[BoardPost]
    interests: Sequence[Interest]
    participations: Sequence[Participant]
    bookings: Sequence[tuple[Booking, Resource]]
    resources: Sequence[Resource]
    results: Sequence[ShowcaseItem]
    asked_contacts: Sequence[ShowcaseContact]
    messages: Sequence[Message]
    looks: Sequence[PersonalDataRead]


async def ask(session: AsyncSession, *, email: str, purpose: PrivacyPurpose, language: str, now: datetime) -> None:
    """Send a link to an address, if it is known; at most one an hour, however often it is asked for."""
    person_id = await people.find_person(session, email=email)
    if person_id is None:
        return
    letter = Letter(
        kind="privacy_link",
        person_id=person_id,
        language=language,
        context={"purpose": purpose},
        key=f"privacy:{purpose}:{person_id}:{now:%Y%m%d%H}",
    )
    await tell(session, letters=[letter], now=now)


async def find(session: AsyncSession, *, email: str, now: datetime) -> UUID:
    """The person of an address, for the office: a look, which is recorded; raises PersonNotFound."""
    person_id = await people.find_person(session, email=email)
    if person_id is None:
        raise PersonNotFound("Nothing is held about this address")
    people.note_look(session, list_name="find", person_id=person_id, now=now)
    return person_id


async def offer_erasure(session: AsyncSession, *, person_id: UUID, now: datetime) -> dict[str, Any]:
    """What an erasure would do."""
    there = await people.people_by_id(session, ids=[person_id])
    ahead = await repository.to_come(session, [person_id], now=now) if there else []
    registered = await repository.registrations_of(session, person_id) if there else []
    return {
        "purpose": "erase",
        "erased": not there,
        "registrations": len(registered),
        "seats_given_back": len(ahead),
    }


async def rows_about(session: AsyncSession, *, person_id: UUID) -> RowsAbout:
    """What the nouns keep under a person's random id, apart from consents."""
    return RowsAbout(
        registrations=await repository.registrations_of(session, person_id),
        sessions=await repository.sessions_of(session, person_id),
        attendance=await repository.attendance_of(session, person_id),
        scans=await repository.scans_of(session, person_id),
        posts=await repository.posts_of(session, person_id),
        interests=await repository.interests_of(session, person_id),
        participations=await repository.participations_of(session, person_id),
        bookings=await repository.bookings_of(session, person_id),
        resources=await repository.answers_for(session, person_id),
        results=await repository.results_of(session, person_id),
        asked_contacts=await repository.asked_contacts_of(session, person_id),
        messages=await repository.messages_of(session, person_id),
        looks=await repository.looks_at(session, person_id),
    )


async def erase_people(session: AsyncSession, *, ids: Collection[UUID], reason: Reason, now: datetime) -> int:
    """Erase these people; how many there were to erase. A second time changes nothing.

    Name, address, answers, consents, profiles, what they wrote on the board, about meetings and bookings go, waiting
    messages are never sent, seats and bookings that are to come are free again. Registrations, attendance, meetings,
    bookings and scans keep their random ids: whatever is counted stays as it is.
    """
    known = await people.hold_people(session, ids=ids)
    for registration_id in await repository.to_come(session, ids, now=now):
        await cancel_registration(session, registration_id=registration_id, by="erased", now=now)
    await repository.delete_answers(session, ids)
    await forget_consents(session, person_ids=ids)
    await forget_interests(session, person_ids=ids)
    await forget_meetings(session, person_ids=ids)
    await forget_participants(session, person_ids=ids, now=now)
    await forget_bookings(session, person_ids=ids, now=now)
    await forget_contacts(session, person_ids=ids)
    await repository.drop_messages(session, ids)
    if reason != "retention":  # who was not here for months has no answer of this day to be replayed
        texts = [to_json(text) for person in known.values() for text in (person.name, person.email)]
        await repository.delete_stored_answers(session, texts)
    await people.forget(session, ids=known)
    await _write_down(session, ids, reason, now)
    return len(known)


async def _write_down(session: AsyncSession, ids: Collection[UUID], reason: Reason, now: datetime) -> None:
    """Who did it, when and why; not who it was."""
    known, actor = await repository.erased(session, ids), acting(session)
    rows: list[dict[str, Any]] = [
        {"person_id": one, "at": now, "actor": actor.subject, "actor_role": actor.role, "reason": reason}
        for one in ids
        if one not in known
    ]
    await repository.add_erasures(session, rows)
    for row in rows:
        record = {"person_id": row["person_id"], "at": now, "reason": reason}
        record_change(
            session, kind="created", collection=COLLECTION, id=row["person_id"], record=record, audience="office"
        )


async def require_known(session: AsyncSession, *, person_id: UUID) -> None:
    """Raises PersonNotFound where there neither is nor was such a person."""
    if await people.people_by_id(session, ids=[person_id]) or await repository.erased(session, [person_id]):
        return
    raise PersonNotFound(f"There is no person {person_id}")


async def erasures(session: AsyncSession) -> dict[UUID, datetime]:
    """Who was erased so far, and when."""
    return await repository.erased(session)


async def not_erased_yet(session: AsyncSession, *, ids: Collection[UUID]) -> list[UUID]:
    """Which of these have not been erased in this database: it says nothing of it, or they are there all the same."""
    known = await repository.erased(session, ids)
    there = await people.people_by_id(session, ids=ids)
    return [one for one in ids if one not in known or one in there]
