"""Queries on proposals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.proposals.models import Proposal
from klaster_registry.proposals.schemas import ProposalListParameters
from klaster_shared.pagination import Order, after

# Ids rise with time: the newest first.
ORDER = (Order("id", col(Proposal.id), descending=True),)  # type: ignore[arg-type]


async def find_proposal(session: AsyncSession, proposal_id: UUID, *, held: bool = False) -> Proposal | None:
    """One proposal; `held` keeps other writers out until this transaction ends."""
    statement = select(Proposal).where(col(Proposal.id) == proposal_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def proposals_page(
    session: AsyncSession, asked: ProposalListParameters, *, entity_id: UUID | None
) -> Sequence[Proposal]:
    """One page, and one row more where there is more; those of one entity alone where it is given."""
    statement: Any = select(Proposal).where(*_conditions(asked, entity_id))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def count_proposals(session: AsyncSession, asked: ProposalListParameters, *, entity_id: UUID | None) -> int:
    """How many there are in all."""
    statement = select(func.count()).select_from(Proposal).where(*_conditions(asked, entity_id))
    return int(await session.scalar(statement) or 0)


async def proposals_about(session: AsyncSession, record_id: UUID) -> Sequence[Proposal]:
    """The proposals of an entity or about its own record, held against other writers."""
    about = (col(Proposal.entity_id) == record_id) | (col(Proposal.record_id) == record_id)
    return (await session.scalars(select(Proposal).where(about).order_by(col(Proposal.id)).with_for_update())).all()


def _conditions(asked: ProposalListParameters, entity_id: UUID | None) -> list[ColumnElement[bool]]:
    lists: list[tuple[Any, Sequence[Any]]] = [
        (Proposal.state, asked.state),
        (Proposal.collection, asked.collection),
        (Proposal.record_id, asked.target),
        (Proposal.entity_id, asked.entity),
        (Proposal.entity_id, [entity_id] if entity_id else []),
    ]
    return [col(column).in_(values) for column, values in lists if values]


async def pending_proposals(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many wait for the office, and when the oldest of them was made."""
    waiting = select(func.count(), func.min(col(Proposal.created_at))).where(col(Proposal.state) == "pending")
    number, oldest = (await session.execute(waiting)).one()
    return int(number), oldest
