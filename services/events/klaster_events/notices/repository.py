"""Queries on notices, and on whom each concerns."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.attendance.models import Attendance
from klaster_events.events.models import Event
from klaster_events.outbox.models import Message, Notice
from klaster_events.registrations.models import Registration


async def is_any_untold(session: AsyncSession) -> bool:
    """Whether a notice waits to be told."""
    return await session.scalar(_untold().limit(1)) is not None


async def hold_untold(session: AsyncSession) -> Notice | None:
    """The oldest notice that nobody is telling, held until this transaction ends."""
    statement = _untold().limit(1).with_for_update(skip_locked=True)
    return (await session.scalars(statement)).one_or_none()


async def hold_notice(session: AsyncSession, notice_id: UUID) -> Notice | None:
    """This notice, held, if it is still untold and nobody else is telling it."""
    statement = _untold().where(col(Notice.id) == notice_id).with_for_update(skip_locked=True)
    return (await session.scalars(statement)).one_or_none()


def _untold() -> Any:
    """Thanks wait until it is written down who came: nobody is thanked for coming who did not."""
    came = exists(select(1).where(col(Attendance.event_id) == col(Notice.event_id), col(Attendance.present)))
    statement = select(Notice).where(col(Notice.told_at).is_(None), or_(col(Notice.kind) != "completed", came))
    return statement.order_by(col(Notice.created_at), col(Notice.id))


async def registered(
    session: AsyncSession, notice: Notice, *, states: Collection[str], after: UUID | None, limit: int
) -> Sequence[Any]:
    """Who was registered when a notice was written: id, registration, person, language.

    Of addresses that nobody confirmed nothing is known: they are told nothing but how to confirm.
    """
    known = or_(col(Registration.state).in_(("confirmed", "offered")), col(Registration.verified_at).is_not(None))
    statement: Any = select(
        col(Registration.id),
        col(Registration.id).label("registration_id"),
        col(Registration.person_id),
        col(Registration.language),
    ).where(
        col(Registration.event_id) == notice.event_id,
        col(Registration.state).in_(states),
        col(Registration.created_at) <= notice.created_at,
        known,
    )
    return await _page(session, statement, col(Registration.id), after, limit)


async def came(session: AsyncSession, notice: Notice, *, after: UUID | None, limit: int) -> Sequence[Any]:
    """Who came to a notice's event: id, registration if any, person, language."""
    statement: Any = (
        select(
            col(Attendance.id),
            col(Registration.id).label("registration_id"),
            col(Attendance.person_id),
            func.coalesce(col(Registration.language), "pl").label("language"),
        )
        .outerjoin(
            Registration,
            (col(Registration.event_id) == col(Attendance.event_id))
            & (col(Registration.person_id) == col(Attendance.person_id)),
        )
        .where(col(Attendance.event_id) == notice.event_id, col(Attendance.present))
    )
    return await _page(session, statement, col(Attendance.id), after, limit)


async def events_near(session: AsyncSession, *, now: datetime, within: timedelta) -> Sequence[tuple[UUID, datetime]]:
    """Published events that begin soon, and when."""
    statement = select(col(Event.id), col(Event.starts_at)).where(
        col(Event.state) == "published",
        ~col(Event.demonstration),
        col(Event.starts_at) > now,
        col(Event.starts_at) <= now + within,
    )
    return [(event_id, starts_at) for event_id, starts_at in (await session.execute(statement)).all()]


async def not_reminded(
    session: AsyncSession, event_id: UUID, *, since: datetime, after: UUID | None, limit: int
) -> Sequence[Any]:
    """Who has a seat and was told nothing since: who registered later than `since` needs no reminder."""
    reminded = exists(
        select(1).where(
            col(Message.registration_id) == col(Registration.id),
            col(Message.kind) == "reminder",
            col(Message.created_at) >= since,
        )
    )
    statement = select(col(Registration.id), col(Registration.person_id), col(Registration.language)).where(
        col(Registration.event_id) == event_id,
        col(Registration.state) == "confirmed",
        col(Registration.created_at) <= since,
        ~reminded,
    )
    return await _page(session, statement, col(Registration.id), after, limit)


async def _page(session: AsyncSession, statement: Any, key: Any, after: UUID | None, limit: int) -> Sequence[Any]:
    if after is not None:
        statement = statement.where(key > after)
    return list((await session.execute(statement.order_by(key).limit(limit))).all())
