"""Queries on meetings: the two who meet, what is taken of the grid, what was written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.database import AS_WRITTEN, by
from klaster_events.editions.models import Edition, EditionTable
from klaster_events.editions.slots import Span
from klaster_events.events.models import Event
from klaster_events.meetings.models import LIVE, Meeting, MeetingOutcome, MeetingPerson, MeetingPlace, MeetingText
from klaster_events.meetings.parties import Met, Party, Who
from klaster_events.meetings.schemas import MeetingListParameters
from klaster_events.participants.models import Participant
from klaster_events.registrations.models import Registration
from klaster_shared.pagination import after

ORDER = (
    replace(by("created_at", col(Meeting.created_at)), descending=True),
    replace(by("id", col(Meeting.id)), descending=True),
)
_IN_ONE_STATEMENT = 500  # ids


async def find_meeting(session: AsyncSession, meeting_id: UUID, *, held: bool = False) -> Meeting | None:
    """One meeting; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(Meeting, meeting_id, with_for_update=held or None, populate_existing=held)


async def parties(session: AsyncSession, ids: Collection[UUID], *, held: bool = False) -> dict[UUID, Party]:
    """These participants, in one order for all who hold several."""
    statement = (
        select(Participant, Registration)
        .join(Registration, col(Registration.id) == col(Participant.registration_id))
        .where(col(Participant.id).in_(ids))
        .order_by(col(Participant.id))
    )
    if held:
        statement = statement.with_for_update(of=Participant).execution_options(populate_existing=True)
    return {one.id: Party(one, registration) for one, registration in (await session.execute(statement)).all()}


async def parties_of_edition(session: AsyncSession, edition_id: UUID) -> dict[UUID, Party]:
    """Everybody who takes part, or did."""
    statement = select(Participant, Registration).join(
        Registration, col(Registration.id) == col(Participant.registration_id)
    )
    statement = statement.where(col(Participant.edition_id) == edition_id)
    return {one.id: Party(one, registration) for one, registration in (await session.execute(statement)).all()}


async def party_of(session: AsyncSession, registration_id: UUID) -> Party | None:
    """The participant that a registration is."""
    statement = (
        select(Participant, Registration)
        .join(Registration, col(Registration.id) == col(Participant.registration_id))
        .where(col(Participant.registration_id) == registration_id)
    )
    found = (await session.execute(statement)).first()
    return None if found is None else Party(found[0], found[1])


async def met(session: AsyncSession, meeting: Meeting) -> Met:
    """A meeting with its two."""
    found = await parties(session, {meeting.asked_by_id, meeting.asked_id})
    return Met(meeting, found[meeting.asked_by_id], found[meeting.asked_id])


async def between(session: AsyncSession, edition_id: UUID, first: UUID, second: UUID) -> Sequence[Meeting]:
    """All that there was between two, the last first."""
    statement = select(Meeting).where(
        col(Meeting.edition_id) == edition_id, col(Meeting.first_id) == first, col(Meeting.second_id) == second
    )
    statement = statement.order_by(col(Meeting.created_at).desc(), col(Meeting.id).desc())
    return list((await session.scalars(statement)).all())


async def with_slot(session: AsyncSession, registration_id: UUID) -> Sequence[Meeting]:
    """The meetings of a registration that have a slot, in the order of time."""
    own = select(col(Participant.id)).where(col(Participant.registration_id) == registration_id)
    whose = or_(col(Meeting.asked_by_id).in_(own), col(Meeting.asked_id).in_(own))
    statement = select(Meeting).where(whose, col(Meeting.starts_at).is_not(None))
    return list((await session.scalars(statement.order_by(col(Meeting.starts_at), col(Meeting.id)))).all())


async def overdue(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Meeting]:
    """Requests whose time is over, held; those that somebody holds are left to the next run."""
    statement = _overdue(select(Meeting), now).order_by(col(Meeting.expires_at), col(Meeting.id)).limit(limit)
    return list((await session.scalars(statement.with_for_update(skip_locked=True))).all())


async def editions_called_off(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Editions whose event is cancelled, and that still have meetings which have not begun."""
    statement = select(col(Edition.id)).join(Event, col(Event.id) == col(Edition.event_id))
    ahead = or_(col(Meeting.starts_at).is_(None), col(Meeting.starts_at) > now)
    lives = select(col(Meeting.id)).where(
        col(Meeting.edition_id) == col(Edition.id), col(Meeting.state).in_(LIVE), ahead
    )
    statement = statement.where(col(Event.state) == "cancelled", lives.exists()).order_by(col(Edition.id)).limit(limit)
    return list((await session.scalars(statement)).all())


async def is_anything_overdue(session: AsyncSession, *, now: datetime) -> bool:
    """Whether the time of any request is over."""
    return await session.scalar(_overdue(select(col(Meeting.id)), now).limit(1)) is not None


def _overdue(statement: Any, now: datetime) -> Any:
    return statement.where(col(Meeting.state) == "requested", col(Meeting.expires_at) <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for, by whom; entities under all their ids, None where not asked for."""

    edition_id: UUID
    parameters: MeetingListParameters
    who: Who
    entities: Collection[UUID] | None


_Asker, _AskedOne = aliased(Participant), aliased(Participant)


async def meetings_page(session: AsyncSession, asked: Asked) -> Sequence[Meeting]:
    """One page, the last first, and one row more where there is more."""
    statement: Any = after(_wanted(select(Meeting), asked), ORDER, asked.parameters.cursor)
    return list((await session.scalars(statement.limit(asked.parameters.limit + 1))).all())


async def count_meetings(session: AsyncSession, asked: Asked) -> int:
    """How many the filters leave."""
    return int(await session.scalar(_wanted(select(func.count()).select_from(Meeting), asked)) or 0)


def _wanted(statement: Any, asked: Asked) -> Any:
    given = asked.parameters
    columns: list[tuple[Any, Collection[Any]]] = [
        (Meeting.state, given.state),
        (Meeting.table_id, given.table),
        (Meeting.planned_by, given.planned_by),
        (Meeting.hindrance, given.hindrance),
    ]
    found: list[ColumnElement[bool]] = [col(Meeting.edition_id) == asked.edition_id]
    found += [col(column).in_(values) for column, values in columns if values]
    if given.participant:
        found.append(or_(*(col(one).in_(given.participant) for one in (Meeting.asked_by_id, Meeting.asked_id))))
    if given.mutual is not None:
        found.append(col(Meeting.mutual).is_(given.mutual))
    if given.starts_from is not None:
        found.append(col(Meeting.starts_at) >= given.starts_from)
    if given.starts_to is not None:
        found.append(col(Meeting.starts_at) < given.starts_to)
    joined = statement.join(_Asker, _Asker.id == col(Meeting.asked_by_id))
    joined = joined.join(_AskedOne, _AskedOne.id == col(Meeting.asked_id))
    if asked.entities is not None:
        found.append(or_(*(col(one.entity_id).in_(asked.entities) for one in (_Asker, _AskedOne))))
    return joined.where(*found, *_visible(asked.who))


def _visible(who: Who) -> list[ColumnElement[bool]]:
    if who.office:
        return []
    if who.registration is not None:
        return [or_(*(col(one.registration_id) == who.registration for one in (_Asker, _AskedOne)))]
    own = select(col(Registration.id)).where(
        col(Registration.origin) == "partner", col(Registration.entity_id).in_(who.own.entity_ids)
    )
    return [or_(*(col(one.registration_id).in_(own) for one in (_Asker, _AskedOne)))]


async def tables(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, EditionTable]:
    """These tables."""
    found = await session.scalars(select(EditionTable).where(col(EditionTable.id).in_(ids))) if ids else ()
    return {table.id: table for table in found}


async def taken_people(session: AsyncSession, edition_id: UUID, ids: Collection[UUID] | None = None) -> Any:
    """Participant, slot and meeting of what is taken of people's time."""
    statement = select(col(MeetingPerson.participant_id), col(MeetingPerson.slot), col(MeetingPerson.meeting_id))
    statement = statement.where(col(MeetingPerson.edition_id) == edition_id)
    if ids is not None:
        statement = statement.where(col(MeetingPerson.participant_id).in_(ids))
    return (await session.execute(statement)).all()


async def taken_places(session: AsyncSession, edition_id: UUID) -> Any:
    """Slot, table and meeting of what is taken of tables."""
    statement = select(col(MeetingPlace.slot), col(MeetingPlace.table_id), col(MeetingPlace.meeting_id))
    return (await session.execute(statement.where(col(MeetingPlace.edition_id) == edition_id))).all()


async def sessions_of(session: AsyncSession, event_id: UUID) -> dict[UUID, list[Span]]:
    """When each registration of an event sits in one of its sessions."""
    statement = (
        select(col(SessionSeat.registration_id), col(AgendaSession.starts_at), col(AgendaSession.ends_at))
        .join(AgendaSession, col(AgendaSession.id) == col(SessionSeat.session_id))
        .where(col(AgendaSession.event_id) == event_id, col(SessionSeat.state) == "taken")
    )
    found: dict[UUID, list[Span]] = {}
    for registration_id, starts_at, ends_at in (await session.execute(statement)).all():
        found.setdefault(registration_id, []).append((starts_at, ends_at))
    return found


async def free(session: AsyncSession, meeting_ids: Collection[UUID]) -> None:
    """Give back what these meetings take of the grid."""
    ids = list(meeting_ids)
    for start in range(0, len(ids), _IN_ONE_STATEMENT):
        part = ids[start : start + _IN_ONE_STATEMENT]
        for table in (MeetingPlace, MeetingPerson):
            statement = delete(table).where(col(table.meeting_id).in_(part))
            await session.execute(statement.execution_options(**AS_WRITTEN))


async def take(session: AsyncSession, meetings: Sequence[Meeting]) -> None:
    """Take table and people for meetings that have a slot; what is taken already fails, whoever took it."""
    if not meetings:
        return
    places = [
        {"edition_id": one.edition_id, "slot": one.starts_at, "table_id": one.table_id, "meeting_id": one.id}
        for one in meetings
    ]
    people = [
        {"edition_id": one.edition_id, "slot": one.starts_at, "participant_id": person, "meeting_id": one.id}
        for one in meetings
        for person in (one.asked_by_id, one.asked_id)
    ]
    await session.execute(insert(MeetingPlace), places)
    await session.execute(insert(MeetingPerson), people)


async def live_meetings(session: AsyncSession, edition_id: UUID, *, held: bool = False) -> Sequence[Meeting]:
    """What is asked for, accepted or scheduled in an edition, in one order for all who hold them."""
    statement = select(Meeting).where(col(Meeting.edition_id) == edition_id, col(Meeting.state).in_(LIVE))
    statement = statement.order_by(col(Meeting.id))
    if held:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await session.scalars(statement)).all())


async def texts_of(session: AsyncSession, meeting_ids: Collection[UUID]) -> Sequence[MeetingText]:
    """What was written about these meetings."""
    return list((await session.scalars(select(MeetingText).where(col(MeetingText.meeting_id).in_(meeting_ids)))).all())


async def outcomes_of(session: AsyncSession, meeting_ids: Collection[UUID]) -> Sequence[MeetingOutcome]:
    """How these meetings went, as each side says."""
    statement = select(MeetingOutcome).where(col(MeetingOutcome.meeting_id).in_(meeting_ids))
    return list((await session.scalars(statement)).all())


async def find_outcome(session: AsyncSession, meeting_id: UUID, participant_id: UUID) -> MeetingOutcome | None:
    """How a meeting went, as one of the two says."""
    return await session.get(MeetingOutcome, (meeting_id, participant_id))


async def write_text(session: AsyncSession, text: MeetingText) -> None:
    """Write what somebody says; what they said before of the same goes."""
    await session.merge(text)


async def drop_text(session: AsyncSession, meeting_id: UUID, participant_id: UUID, kind: str) -> None:
    """Take back what somebody wrote."""
    statement = delete(MeetingText).where(
        col(MeetingText.meeting_id) == meeting_id,
        col(MeetingText.participant_id) == participant_id,
        col(MeetingText.kind) == kind,
    )
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def of_person(session: AsyncSession, person_id: UUID) -> Sequence[tuple[Meeting, UUID]]:
    """A person's meetings with the participant that they were, the first first."""
    own = select(col(Participant.id)).join(Registration, col(Registration.id) == col(Participant.registration_id))
    ids = set((await session.scalars(own.where(col(Registration.person_id) == person_id))).all())
    statement = select(Meeting).where(or_(col(Meeting.asked_by_id).in_(ids), col(Meeting.asked_id).in_(ids)))
    found = (await session.scalars(statement.order_by(col(Meeting.created_at), col(Meeting.id)))).all()
    return [(one, one.asked_by_id if one.asked_by_id in ids else one.asked_id) for one in found]


async def texts_by(session: AsyncSession, person_id: UUID) -> Sequence[MeetingText]:
    """What a person wrote about meetings."""
    return list((await session.scalars(select(MeetingText).where(col(MeetingText.person_id) == person_id))).all())


async def drop_texts(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what these people wrote."""
    statement = delete(MeetingText).where(col(MeetingText.person_id).in_(people))
    await session.execute(statement.execution_options(**AS_WRITTEN))
