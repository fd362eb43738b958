"""Every query on the agenda."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession
from klaster_events.database import AS_WRITTEN, by
from klaster_shared.pagination import PageParameters, after

ORDER = (by("starts_at", col(AgendaSession.starts_at)), by("id", col(AgendaSession.id)))


async def find_session(
    session: AsyncSession, event_id: UUID, session_id: UUID, *, held: bool = False
) -> AgendaSession | None:
    """One session of an event; `held` keeps other writers away from it until this transaction ends."""
    found = await session.get(AgendaSession, session_id, with_for_update=held or None, populate_existing=held)
    return found if found is not None and found.event_id == event_id else None


async def sessions_page(session: AsyncSession, event_id: UUID, parameters: PageParameters) -> Sequence[AgendaSession]:
    """One page in the order of the day, and one row more where there is more."""
    statement: Any = select(AgendaSession).where(col(AgendaSession.event_id) == event_id)
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_sessions(session: AsyncSession, event_id: UUID) -> int:
    """How many sessions an event has."""
    statement = select(func.count()).select_from(AgendaSession).where(col(AgendaSession.event_id) == event_id)
    return int(await session.scalar(statement) or 0)


async def sessions_of(session: AsyncSession, event_ids: Collection[UUID]) -> dict[UUID, list[AgendaSession]]:
    """The whole agendas of these events, each in the order of the day."""
    if not event_ids:
        return {}
    statement = select(AgendaSession).where(col(AgendaSession.event_id).in_(event_ids))
    ordered = statement.order_by(col(AgendaSession.event_id), *(part.column for part in ORDER))
    found: dict[UUID, list[AgendaSession]] = {}
    for row in (await session.scalars(ordered)).all():
        found.setdefault(row.event_id, []).append(row)
    return found


async def delete_session(session: AsyncSession, session_id: UUID) -> None:
    """Remove a session; seats and wishes go with it."""
    statement = delete(AgendaSession).where(col(AgendaSession.id) == session_id)
    await session.execute(statement.execution_options(**AS_WRITTEN))
