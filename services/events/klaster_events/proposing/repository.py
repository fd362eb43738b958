"""Queries on what is proposed to the registry."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, by, upsert
from klaster_events.proposing.models import Outgoing
from klaster_events.proposing.schemas import OutgoingListParameters
from klaster_shared.pagination import after

ORDER = (
    replace(by("created_at", col(Outgoing.created_at)), descending=True),
    replace(by("id", col(Outgoing.id)), descending=True),
)


async def add_outgoing(session: AsyncSession, row: dict[str, Any]) -> None:
    """Write one; the second of an id is left out."""
    await session.execute(upsert(session, "outgoing_proposals").values(row).on_conflict_do_nothing())


async def find_outgoing(session: AsyncSession, outgoing_id: UUID, *, held: bool = False) -> Outgoing | None:
    """One of them; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(Outgoing, outgoing_id, with_for_update=held or None, populate_existing=held)


async def outgoing_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Outgoing]:
    """These, as far as they are there."""
    if not ids:
        return {}
    found = await session.scalars(select(Outgoing).where(col(Outgoing.id).in_(ids)))
    return {one.id: one for one in found.all()}


async def due(session: AsyncSession, *, state: str, now: datetime, limit: int) -> Sequence[Outgoing]:
    """What is in this state and due, the longest due first."""
    statement = select(Outgoing).where(col(Outgoing.state) == state, col(Outgoing.due_at) <= now)
    statement = statement.order_by(col(Outgoing.due_at), col(Outgoing.id)).limit(limit)
    return list((await session.scalars(statement)).all())


async def settle(session: AsyncSession, outgoing_id: UUID, values: dict[str, Any], *, of: str = "waiting") -> None:
    """Note what became of one that waits; of one that is in another state already nothing changes."""
    statement = update(Outgoing).where(col(Outgoing.id) == outgoing_id, col(Outgoing.state) == of)
    await session.execute(statement.values(**values).execution_options(**AS_WRITTEN))


async def outgoing_page(
    session: AsyncSession, parameters: OutgoingListParameters, *, entities: Collection[UUID] | None
) -> Sequence[Outgoing]:
    """One page, the last first, and one row more where there is more."""
    statement: Any = _wanted(select(Outgoing), parameters, entities)
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_outgoing(
    session: AsyncSession, parameters: OutgoingListParameters, *, entities: Collection[UUID] | None
) -> int:
    """How many the filters leave."""
    statement = _wanted(select(func.count()).select_from(Outgoing), parameters, entities)
    return int(await session.scalar(statement) or 0)


def _wanted(statement: Any, asked: OutgoingListParameters, entities: Collection[UUID] | None) -> Any:
    columns: list[tuple[Any, Collection[Any] | None]] = [
        (Outgoing.state, asked.state or None),
        (Outgoing.about, asked.about or None),
        (Outgoing.entity_id, entities),
    ]
    return statement.where(*(col(column).in_(values) for column, values in columns if values is not None))
