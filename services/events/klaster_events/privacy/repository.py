"""Queries on everything that is kept about a person, whichever noun keeps it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.attendance.models import Attendance
from klaster_events.board.models import BoardPost
from klaster_events.bookings.models import Booking
from klaster_events.checkin.models import CheckinList, Scan
from klaster_events.database import AS_WRITTEN, METADATA, upsert
from klaster_events.events.models import Event
from klaster_events.interests.models import Interest
from klaster_events.outbox.models import Message
from klaster_events.participants.models import Participant
from klaster_events.people.models import PersonalDataRead
from klaster_events.privacy.models import Erasure
from klaster_events.registrations.models import Registration, RegistrationAnswer
from klaster_events.resources.models import BookingRules, Resource
from klaster_events.showcase.models import ShowcaseContact, ShowcaseItem
from klaster_shared.database import is_postgresql
from klaster_shared.idempotency import TABLE as STORED_ANSWERS

ALIVE = ("requested", "waiting", "pending", "offered", "confirmed")


async def to_come(session: AsyncSession, people: Collection[UUID], *, now: datetime) -> list[UUID]:
    """Registrations of these people for events that have not begun, in one order for all who cancel several."""
    statement = (
        select(col(Registration.id))
        .join(Event, col(Event.id) == col(Registration.event_id))
        .where(
            col(Registration.person_id).in_(people),
            col(Registration.state).in_(ALIVE),
            col(Event.starts_at) > now,
            col(Event.state).in_(("draft", "published", "postponed")),
        )
    )
    statement = statement.order_by(col(Registration.event_id), col(Registration.id))
    return list((await session.scalars(statement)).all())


async def delete_answers(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what these people answered to events' questions."""
    statement = delete(RegistrationAnswer).where(col(RegistrationAnswer.person_id).in_(people))
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def drop_messages(session: AsyncSession, people: Collection[UUID]) -> None:
    """What has not been sent to these people never will be; what was sent stays a number without its circumstances."""
    everything = update(Message).where(col(Message.person_id).in_(people)).values(context={})
    await session.execute(everything.execution_options(**AS_WRITTEN))
    statement = update(Message).where(col(Message.person_id).in_(people), col(Message.state).in_(("waiting", "failed")))
    await session.execute(statement.values(state="dropped", problem="person_erased").execution_options(**AS_WRITTEN))


async def delete_stored_answers(session: AsyncSession, texts: Collection[bytes]) -> None:
    """Delete the first answers, kept for replays, that hold one of these texts."""
    if not texts:
        return
    table = METADATA.tables[STORED_ANSWERS]
    holds = or_(*(_position(session, table.c.body, text) > 0 for text in texts))
    await session.execute(delete(table).where(table.c.body.is_not(None), holds))


def _position(session: AsyncSession, column: Any, text: bytes) -> Any:
    sought = literal(text, LargeBinary)
    return func.position(sought.op("IN")(column)) if is_postgresql(session) else func.instr(column, sought)


async def add_erasures(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write down who was erased; what is known of one already stays."""
    if rows:
        await session.execute(upsert(session, "erasures").on_conflict_do_nothing(), list(rows))


async def erased(session: AsyncSession, people: Collection[UUID] | None = None) -> dict[UUID, datetime]:
    """Which of these (or of all) people were erased, and when."""
    statement = select(col(Erasure.person_id), col(Erasure.at))
    if people is not None:
        statement = statement.where(col(Erasure.person_id).in_(people))
    return dict((await session.execute(statement)).all())


async def registrations_of(session: AsyncSession, person_id: UUID) -> Sequence[Any]:
    """Every registration of a person with its event and answers, the first first."""
    statement = (
        select(Registration, Event, col(RegistrationAnswer.answers))
        .join(Event, col(Event.id) == col(Registration.event_id))
        .outerjoin(RegistrationAnswer, col(RegistrationAnswer.registration_id) == col(Registration.id))
        .where(col(Registration.person_id) == person_id)
        .order_by(col(Registration.created_at), col(Registration.id))
    )
    return list((await session.execute(statement)).all())


async def sessions_of(session: AsyncSession, person_id: UUID) -> Sequence[Any]:
    """The sessions of the agenda that a person has or wants a seat in, each with the registration."""
    statement = (
        select(col(SessionSeat.registration_id), AgendaSession, col(SessionSeat.state))
        .join(AgendaSession, col(AgendaSession.id) == col(SessionSeat.session_id))
        .join(Registration, col(Registration.id) == col(SessionSeat.registration_id))
        .where(col(Registration.person_id) == person_id)
        .order_by(col(AgendaSession.starts_at), col(AgendaSession.id))
    )
    return list((await session.execute(statement)).all())


async def attendance_of(session: AsyncSession, person_id: UUID) -> Sequence[Any]:
    """Where a person came, and where not."""
    statement = (
        select(Attendance, Event)
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .where(col(Attendance.person_id) == person_id)
        .order_by(col(Event.starts_at), col(Attendance.id))
    )
    return list((await session.execute(statement)).all())


async def scans_of(session: AsyncSession, person_id: UUID) -> Sequence[Any]:
    """A person's scans, each with its event."""
    statement = (
        select(Scan, col(CheckinList.event_id))
        .join(CheckinList, col(CheckinList.id) == col(Scan.list_id))
        .where(col(Scan.person_id) == person_id)
        .order_by(col(Scan.happened_at), col(Scan.id))
    )
    return list((await session.execute(statement)).all())


async def posts_of(session: AsyncSession, person_id: UUID) -> Sequence[BoardPost]:
    """The posts of the board that name a person as their contact."""
    statement = select(BoardPost).where(col(BoardPost.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(BoardPost.created_at), col(BoardPost.id)))).all())


async def interests_of(session: AsyncSession, person_id: UUID) -> Sequence[Interest]:
    """The interest in posts that names a person as its contact."""
    statement = select(Interest).where(col(Interest.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(Interest.created_at), col(Interest.id)))).all())


async def participations_of(session: AsyncSession, person_id: UUID) -> Sequence[Participant]:
    """Where a person takes part, or took part, in 1:1 meetings."""
    statement = select(Participant).join(Registration, col(Registration.id) == col(Participant.registration_id))
    statement = statement.where(col(Registration.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(Participant.created_at), col(Participant.id)))).all())


async def bookings_of(session: AsyncSession, person_id: UUID) -> Sequence[tuple[Booking, Resource]]:
    """A person's bookings, each with its laboratory or service."""
    statement = select(Booking, Resource).join(Resource, col(Resource.id) == col(Booking.resource_id))
    statement = statement.where(col(Booking.person_id) == person_id)
    rows = (await session.execute(statement.order_by(col(Booking.starts_at), col(Booking.id)))).all()
    return [(booking, resource) for booking, resource in rows]


async def answers_for(session: AsyncSession, person_id: UUID) -> Sequence[Resource]:
    """The laboratories and services whose owner has a person told of bookings."""
    rules = select(col(BookingRules.resource_id)).where(col(BookingRules.person_id) == person_id)
    return list((await session.scalars(select(Resource).where(col(Resource.id).in_(rules)))).all())


async def results_of(session: AsyncSession, person_id: UUID) -> Sequence[ShowcaseItem]:
    """The results on show that name a person as their contact."""
    statement = select(ShowcaseItem).where(col(ShowcaseItem.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(ShowcaseItem.created_at)))).all())


async def asked_contacts_of(session: AsyncSession, person_id: UUID) -> Sequence[ShowcaseContact]:
    """Where a person asked whom to speak to about a result."""
    statement = select(ShowcaseContact).where(col(ShowcaseContact.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(ShowcaseContact.created_at)))).all())


async def messages_of(session: AsyncSession, person_id: UUID) -> Sequence[Message]:
    """What a person was told, or is to be told."""
    statement = select(Message).where(col(Message.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(Message.created_at), col(Message.id)))).all())


async def looks_at(session: AsyncSession, person_id: UUID) -> Sequence[PersonalDataRead]:
    """Who was shown a person, or a list of an event that they registered for or came to; the last first."""
    registered = select(col(Registration.event_id)).where(col(Registration.person_id) == person_id)
    came = select(col(Attendance.event_id)).where(col(Attendance.person_id) == person_id)
    events = registered.union(came)
    statement = select(PersonalDataRead).where(
        or_(col(PersonalDataRead.person_id) == person_id, col(PersonalDataRead.event_id).in_(events))
    )
    statement = statement.order_by(col(PersonalDataRead.at).desc(), col(PersonalDataRead.id).desc())
    return list((await session.scalars(statement)).all())
