"""Queries on messages: who sends which, what they are about, and the office's list."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, by
from klaster_events.editions.models import EditionTable
from klaster_events.events.models import Event
from klaster_events.interests.models import Interest
from klaster_events.meetings.models import Meeting
from klaster_events.messages.schemas import MessageListParameters
from klaster_events.outbox.models import Message, Notice
from klaster_events.registrations.models import Registration
from klaster_shared.pagination import after

ORDER = (by("created_at", col(Message.created_at)), by("id", col(Message.id)))


async def is_anything_due(session: AsyncSession, *, now: datetime) -> bool:
    """Whether there is a message to send."""
    return await session.scalar(_due(now).limit(1)) is not None


async def claim(session: AsyncSession, *, limit: int, now: datetime, until: datetime) -> Sequence[Message]:
    """Take the messages that are due longest; nobody else sees them until the lease ends or they are put back.

    The lease is the time when they are due: a worker that is killed leaves them to the next one without a trace.
    """
    ids = list((await session.scalars(_due(now).limit(limit).with_for_update(skip_locked=True))).all())
    if not ids:
        return []
    taken = update(Message).where(col(Message.id).in_(ids))
    values = {"due_at": until, "attempts": col(Message.attempts) + 1}
    await session.execute(taken.values(values).execution_options(**AS_WRITTEN))
    found = await session.scalars(select(Message).where(col(Message.id).in_(ids)).order_by(col(Message.id)))
    return list(found.all())


def _due(now: datetime) -> Any:
    due = select(col(Message.id)).where(col(Message.state) == "waiting", col(Message.due_at) <= now)
    return due.order_by(col(Message.due_at), col(Message.id))


async def mark_sent(session: AsyncSession, message_id: UUID, *, now: datetime) -> None:
    """It was accepted: that holds whatever anybody decided meanwhile. The first time holds."""
    statement = update(Message).where(col(Message.id) == message_id, col(Message.sent_at).is_(None))
    values = {"state": "sent", "sent_at": now, "problem": None}
    await session.execute(statement.values(values).execution_options(**AS_WRITTEN))


async def mark(session: AsyncSession, message_id: UUID, **values: Any) -> None:
    """Write what became of a message that still waits."""
    statement = update(Message).where(col(Message.id) == message_id, col(Message.state) == "waiting")
    await session.execute(statement.values(**values).execution_options(**AS_WRITTEN))


async def put_back(session: AsyncSession, ids: Collection[UUID], *, due: datetime, problem: str | None) -> None:
    """Give up the claim on messages that were not tried."""
    statement = update(Message).where(col(Message.id).in_(ids), col(Message.state) == "waiting")
    values = {"due_at": due, "attempts": col(Message.attempts) - 1, "problem": problem}
    await session.execute(statement.values(values).execution_options(**AS_WRITTEN))


async def events_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Event]:
    """These events."""
    found = await session.scalars(select(Event).where(col(Event.id).in_(ids))) if ids else ()
    return {event.id: event for event in found}


async def registrations_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Registration]:
    """These registrations."""
    found = await session.scalars(select(Registration).where(col(Registration.id).in_(ids))) if ids else ()
    return {registration.id: registration for registration in found}


async def states_of_interests(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """How far these interests in posts have come."""
    if not ids:
        return {}
    statement = select(col(Interest.id), col(Interest.state)).where(col(Interest.id).in_(ids))
    return dict((await session.execute(statement)).all())


async def meetings_by_id(
    session: AsyncSession, ids: Collection[UUID]
) -> dict[UUID, tuple[Meeting, EditionTable | None]]:
    """These meetings, each with its table, if it has one."""
    if not ids:
        return {}
    statement = select(Meeting, EditionTable).outerjoin(EditionTable, col(EditionTable.id) == col(Meeting.table_id))
    found = await session.execute(statement.where(col(Meeting.id).in_(ids)))
    return {meeting.id: (meeting, table) for meeting, table in found.all()}


async def place_in_queue(session: AsyncSession, registration: Registration) -> int:
    """Its place, counted from one: whoever has yet to confirm an address does not move up and is not counted."""
    ahead = select(func.count()).select_from(Registration)
    ahead = ahead.where(
        col(Registration.event_id) == registration.event_id,
        col(Registration.state) == "waiting",
        col(Registration.verified_at).is_not(None),
        col(Registration.ticket) < registration.ticket,
    )
    return int(await session.scalar(ahead) or 0) + 1


async def find_message(session: AsyncSession, message_id: UUID, *, held: bool = False) -> Message | None:
    """One message; `held` keeps senders away from it until this transaction ends."""
    return await session.get(Message, message_id, with_for_update=held or None, populate_existing=held)


async def messages_page(session: AsyncSession, parameters: MessageListParameters) -> Sequence[Message]:
    """One page in the order in which they were written, and one row more where there is more."""
    statement = after(_listed(select(Message), parameters), ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_messages(session: AsyncSession, parameters: MessageListParameters) -> int:
    """How many the parameters ask for."""
    return int(await session.scalar(_listed(select(func.count()).select_from(Message), parameters)) or 0)


async def counts(session: AsyncSession) -> Sequence[tuple[str, str, int]]:
    """How many messages there are of each state and kind."""
    statement = select(col(Message.state), col(Message.kind), func.count()).group_by(
        col(Message.state), col(Message.kind)
    )
    ordered = statement.order_by(col(Message.state), col(Message.kind))
    return [(state, kind, int(number)) for state, kind, number in (await session.execute(ordered)).all()]


async def oldest_waiting(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many messages wait, and when the oldest of them was written."""
    waiting = select(func.count(), func.min(col(Message.created_at))).where(col(Message.state) == "waiting")
    number, oldest = (await session.execute(waiting)).one()
    return int(number), oldest


async def count_failed(session: AsyncSession) -> int:
    """How many messages were given up."""
    statement = select(func.count()).select_from(Message).where(col(Message.state) == "failed")
    return int(await session.scalar(statement) or 0)


def _listed(statement: Any, parameters: MessageListParameters) -> Any:
    if parameters.state:
        statement = statement.where(col(Message.state).in_(parameters.state))
    if parameters.kind:
        statement = statement.where(col(Message.kind).in_(parameters.kind))
    if parameters.event:
        statement = statement.where(col(Message.event_id).in_(parameters.event))
    if parameters.due_before:
        statement = statement.where(col(Message.due_at) < parameters.due_before)
    return statement


async def untold_notices(session: AsyncSession) -> int:
    """How many notices have yet to become messages; thanks wait for the list of who came, which may never come."""
    statement = select(func.count()).select_from(Notice)
    statement = statement.where(col(Notice.told_at).is_(None), col(Notice.kind) != "completed")
    return int(await session.scalar(statement) or 0)
