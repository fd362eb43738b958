"""Queries on registrations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, METADATA, by, upsert
from klaster_events.events.models import Event
from klaster_events.outbox.models import Message
from klaster_events.people.models import Person
from klaster_events.registrations.models import Registration, RegistrationAnswer
from klaster_events.registrations.schemas import RegistrationListParameters
from klaster_events.registrations.wishes import Own
from klaster_shared.pagination import after

ORDER = (by("ticket", col(Registration.ticket)),)  # unique within an event
# What asks for an answer within a time: a seat is held while it waits for that.
_ASKING = ("confirm_address", "offer")
# What coming back changes; id, event, person, code and the day of the first time stay.
_AGAIN = (
    "entity_id",
    "state",
    "ticket",
    "language",
    "origin",
    "verified_at",
    "expires_at",
    "ended_by",
    "updated_at",
)


async def find_registration(session: AsyncSession, registration_id: UUID) -> Registration | None:
    """One registration, as the database has it now."""
    return await session.get(Registration, registration_id, populate_existing=True)


async def of_people(session: AsyncSession, event_id: UUID, people: Collection[UUID]) -> dict[UUID, Registration]:
    """The registrations of these people for an event."""
    if not people:
        return {}
    statement = select(Registration).where(
        col(Registration.event_id) == event_id, col(Registration.person_id).in_(people)
    )
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {registration.person_id: registration for registration in found.all()}


async def by_ids(session: AsyncSession, event_id: UUID, ids: Collection[UUID]) -> dict[UUID, Registration]:
    """These registrations, as far as they are the event's."""
    if not ids:
        return {}
    statement = select(Registration).where(col(Registration.event_id) == event_id, col(Registration.id).in_(ids))
    return {registration.id: registration for registration in (await session.scalars(statement)).all()}


async def write(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write registrations, new ones and those of people who come back, in one statement."""
    if not rows:
        return
    statement = upsert(session, "registrations")
    told = {name: statement.excluded[name] for name in _AGAIN}
    told["version"] = METADATA.tables["registrations"].c.version + 1
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told), list(rows))


async def write_answers(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep answers to an event's questions; whoever comes back answers anew."""
    if rows:
        statement = upsert(session, "registration_answers")
        told = {"answers": statement.excluded.answers}
        await session.execute(
            statement.on_conflict_do_update(index_elements=["registration_id"], set_=told), list(rows)
        )


async def answers_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What these answered."""
    if not ids:
        return {}
    statement = select(col(RegistrationAnswer.registration_id), col(RegistrationAnswer.answers))
    found = await session.execute(statement.where(col(RegistrationAnswer.registration_id).in_(ids)))
    return {row[0]: row[1] for row in found.all()}


async def registrations_page(
    session: AsyncSession, event_id: UUID, parameters: RegistrationListParameters, *, own: Own | None
) -> Sequence[Registration]:
    """One page in the order of arrival, and one row more where there is more."""
    statement = _of_event(select(Registration), event_id, parameters, own)
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_registrations(
    session: AsyncSession, event_id: UUID, parameters: RegistrationListParameters, *, own: Own | None
) -> int:
    """How many the parameters ask for."""
    statement = _of_event(select(func.count()).select_from(Registration), event_id, parameters, own)
    return int(await session.scalar(statement) or 0)


def _of_event(statement: Any, event_id: UUID, asked: RegistrationListParameters, own: Own | None) -> Any:
    statement = statement.where(col(Registration.event_id) == event_id)
    lists = ((Registration.state, asked.state), (Registration.origin, asked.origin))
    for column, values in (*lists, (Registration.entity_id, asked.entity_id)):
        if values:
            statement = statement.where(col(column).in_(values))
    if asked.verified is not None:
        confirmed = col(Registration.verified_at).is_not(None)
        statement = statement.where(confirmed if asked.verified else ~confirmed)
    if own is not None:
        statement = statement.where(
            col(Registration.origin) == "partner", col(Registration.entity_id).in_(own.entity_ids)
        )
    for word in (asked.q or "").lower().split():
        said = or_(
            func.lower(col(Person.name)).contains(word, autoescape=True),
            col(Person.email).contains(word, autoescape=True),
        )
        statement = statement.where(exists(select(1).where(col(Person.id) == col(Registration.person_id), said)))
    return statement


async def first_waiting(session: AsyncSession, event_id: UUID, *, limit: int | None) -> Sequence[Registration]:
    """Who waits longest, of those whose addresses are known to be theirs; all of them without a limit."""
    statement = select(Registration).where(
        col(Registration.event_id) == event_id,
        col(Registration.state) == "waiting",
        col(Registration.verified_at).is_not(None),
    )
    statement = statement.order_by(col(Registration.ticket)).limit(limit)
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def move(session: AsyncSession, ids: Collection[UUID], **values: Any) -> None:
    """Take these a step on."""
    statement = update(Registration).where(col(Registration.id).in_(ids))
    values["version"] = col(Registration.version) + 1
    await session.execute(statement.values(values).execution_options(**AS_WRITTEN))


def _due(now: datetime) -> Any:
    """Over, and not because the message that asks is still to be sent: nobody is held to what they were not told."""
    asked = (
        select(1)
        .where(col(Message.registration_id) == col(Registration.id))
        .where(col(Message.kind).in_(_ASKING), col(Message.state) == "waiting")
    )
    return (col(Registration.expires_at) <= now, ~exists(asked))


async def event_with_due(session: AsyncSession, *, now: datetime) -> UUID | None:
    """An event with registrations whose time is over."""
    statement = select(col(Registration.event_id)).where(*_due(now)).order_by(col(Registration.expires_at)).limit(1)
    found: UUID | None = await session.scalar(statement)
    return found


async def due(session: AsyncSession, event_id: UUID, *, now: datetime, limit: int) -> Sequence[Registration]:
    """The event's registrations whose time is over, the earliest first."""
    statement = select(Registration).where(col(Registration.event_id) == event_id, *_due(now))
    statement = statement.order_by(col(Registration.expires_at), col(Registration.ticket)).limit(limit)
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def asked_at(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Message]:
    """The message that asked each of these last, as far as there is one."""
    statement = select(Message).where(col(Message.registration_id).in_(ids), col(Message.kind).in_(_ASKING))
    found = await session.scalars(statement.order_by(col(Message.created_at), col(Message.id)))
    return {message.registration_id: message for message in found.all() if message.registration_id}


async def seats_ahead(session: AsyncSession, *, now: datetime) -> Any:
    """Of the events that are announced and not over: how many they are, with how many seats, taken and waited for."""
    count = func.coalesce
    ahead = select(
        func.count().label("events"),
        count(func.sum(col(Event.capacity)), 0).label("capacity"),
        count(func.sum(col(Event.confirmed)), 0).label("confirmed"),
        count(func.sum(col(Event.waiting)), 0).label("waiting"),
    ).where(*_ahead(now))
    return (await session.execute(ahead)).one()


async def undecided_ahead(session: AsyncSession, *, now: datetime) -> Sequence[Any]:
    """Of the same events: how many registrations wait for somebody's word, by state."""
    statement = (
        select(col(Registration.state), func.count())
        .join(Event, col(Event.id) == col(Registration.event_id))
        .where(*_ahead(now), col(Registration.state).in_(("requested", "pending", "offered")))
        .group_by(col(Registration.state))
    )
    return (await session.execute(statement)).all()


def _ahead(now: datetime) -> tuple[Any, Any]:
    return col(Event.state).in_(("published", "postponed")), col(Event.ends_at) > now
