"""Queries on everything that is kept about a person, whichever noun keeps it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, METADATA, upsert
from klaster_events.events.models import Event
from klaster_events.outbox.models import Message
from klaster_events.privacy.models import Erasure
from klaster_events.registrations.models import Registration, RegistrationAnswer
from klaster_shared.database import is_postgresql
from klaster_shared.idempotency import TABLE as STORED_ANSWERS

ALIVE = ("requested", "waiting", "pending", "offered", "confirmed")


async def to_come(session: AsyncSession, people: Collection[UUID], *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Registrations of these people for events that have not begun (with the event), in one order for all who ask."""
    statement = (
        select(col(Registration.id), col(Registration.event_id))
        .join(Event, col(Event.id) == col(Registration.event_id))
        .where(
            col(Registration.person_id).in_(people),
            col(Registration.state).in_(ALIVE),
            col(Event.starts_at) > now,
            col(Event.state).in_(("draft", "published", "postponed")),
        )
    )
    statement = statement.order_by(col(Registration.event_id), col(Registration.id))
    return [tuple(row) for row in (await session.execute(statement)).all()]


async def delete_answers(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what these people answered to events' questions."""
    statement = delete(RegistrationAnswer).where(col(RegistrationAnswer.person_id).in_(people))
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def drop_messages(session: AsyncSession, people: Collection[UUID]) -> None:
    """What has not been sent to these people never will be; what was sent stays a number."""
    statement = update(Message).where(col(Message.person_id).in_(people), col(Message.state).in_(("waiting", "failed")))
    await session.execute(
        statement.values(state="dropped", problem="The person was erased").execution_options(**AS_WRITTEN)
    )


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
