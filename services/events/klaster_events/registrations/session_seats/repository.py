"""Queries on seats in sessions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.database import AS_WRITTEN, upsert
from klaster_events.registrations.models import Registration


async def sessions(session: AsyncSession, event_id: UUID) -> dict[UUID, AgendaSession]:
    """The sessions of an event that the caller holds, as the database has them now; in one order for all."""
    statement = select(AgendaSession).where(col(AgendaSession.event_id) == event_id).order_by(col(AgendaSession.id))
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {one.id: one for one in found.all()}


async def take(session: AsyncSession, session_id: UUID, seats: int) -> bool:
    """Take seats in a session, or give some back where `seats` is negative; whether it had as many."""
    statement = update(AgendaSession).where(col(AgendaSession.id) == session_id)
    if seats > 0:
        enough = col(AgendaSession.taken) + seats <= col(AgendaSession.capacity)
        statement = statement.where(or_(col(AgendaSession.capacity).is_(None), enough))
    moved = statement.values(taken=col(AgendaSession.taken) + seats).execution_options(**AS_WRITTEN)
    return bool(getattr(await session.execute(moved), "rowcount", 0))


async def write(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write seats and wishes; of one that is there the state is written anew."""
    if rows:
        statement = upsert(session, "session_seats")
        told = {"state": statement.excluded.state}
        await session.execute(
            statement.on_conflict_do_update(index_elements=["session_id", "registration_id"], set_=told), list(rows)
        )


async def remove(session: AsyncSession, registration_ids: Collection[UUID]) -> None:
    """Remove every seat and wish of these registrations."""
    statement = delete(SessionSeat).where(col(SessionSeat.registration_id).in_(registration_ids))
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def remove_one(session: AsyncSession, registration_id: UUID, session_id: UUID) -> None:
    """Remove one seat or wish."""
    statement = delete(SessionSeat).where(
        col(SessionSeat.registration_id) == registration_id, col(SessionSeat.session_id) == session_id
    )
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def seats_of(session: AsyncSession, registration_ids: Collection[UUID]) -> list[tuple[UUID, UUID, str]]:
    """Registration, session and state of these registrations' seats and wishes."""
    if not registration_ids:
        return []
    statement = select(col(SessionSeat.registration_id), col(SessionSeat.session_id), col(SessionSeat.state))
    statement = statement.where(col(SessionSeat.registration_id).in_(registration_ids))
    found = await session.execute(statement.order_by(col(SessionSeat.created_at), col(SessionSeat.session_id)))
    return [(row[0], row[1], row[2]) for row in found.all()]


async def who_wants(
    session: AsyncSession, session_id: UUID, *, states: Collection[str], limit: int | None
) -> list[UUID]:
    """Who has a seat at the event and wants one in a session, in the order of arrival."""
    statement = (
        select(col(SessionSeat.registration_id))
        .join(Registration, col(Registration.id) == col(SessionSeat.registration_id))
        .where(col(SessionSeat.session_id) == session_id, col(SessionSeat.state) == "wanted")
        .where(col(Registration.state).in_(states))
        .order_by(col(Registration.ticket))
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())


def row(registration_id: UUID, session_id: UUID, state: str, now: datetime) -> dict[str, Any]:
    """A seat or a wish as it is written."""
    return {"session_id": session_id, "registration_id": registration_id, "state": state, "created_at": now}
