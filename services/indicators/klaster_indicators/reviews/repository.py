"""Queries on reviews and their decisions."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import column_of
from klaster_indicators.reviews.models import CouncilReview, ReviewDecision
from klaster_indicators.reviews.schemas import ReviewListParameters
from klaster_shared.pagination import Order, after

ORDER = (
    Order("on", column_of(CouncilReview, "held_on"), descending=True),
    Order("id", column_of(CouncilReview, "id"), descending=True),
)


async def find(session: AsyncSession, review_id: UUID, *, held: bool = False) -> CouncilReview | None:
    """One review; `held` keeps other writers out until this transaction ends."""
    statement = select(CouncilReview).where(col(CouncilReview.id) == review_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def page(session: AsyncSession, asked: ReviewListParameters) -> Sequence[CouncilReview]:
    """One page, the newest first, and one row more where there is more."""
    statement: Any = select(CouncilReview).where(*_conditions(asked))
    return list((await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count(session: AsyncSession, asked: ReviewListParameters) -> tuple[int, int]:
    """How many there are, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(CouncilReview.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(CouncilReview).where(*_conditions(asked))
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def decisions_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[ReviewDecision]]:
    """The decisions of these reviews, in their order."""
    statement = select(ReviewDecision).where(col(ReviewDecision.review_id).in_(set(ids)))
    found: dict[UUID, list[ReviewDecision]] = {}
    for decision in await session.scalars(statement.order_by(col(ReviewDecision.position))):
        found.setdefault(decision.review_id, []).append(decision)
    return found


async def replace_decisions(session: AsyncSession, review_id: UUID, decisions: Sequence[ReviewDecision]) -> None:
    """Write the decisions of a review anew."""
    for decision in (await decisions_of(session, [review_id])).get(review_id, []):
        await session.delete(decision)
    await session.flush()
    session.add_all(decisions)
    await session.flush()


async def remove(session: AsyncSession, review_id: UUID) -> None:
    """Remove a review with its decisions."""
    await session.execute(delete(ReviewDecision).where(col(ReviewDecision.review_id) == review_id))
    await session.execute(delete(CouncilReview).where(col(CouncilReview.id) == review_id))


def _conditions(asked: ReviewListParameters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.edition:
        found.append(col(CouncilReview.edition).in_(asked.edition))
    if asked.state is not None:
        applied = col(CouncilReview.applied_at).is_not(None)
        found.append(applied if asked.state == "applied" else ~applied)
    if asked.since is not None:
        found.append(col(CouncilReview.held_on) >= asked.since)
    if asked.until is not None:
        found.append(col(CouncilReview.held_on) <= asked.until)
    if asked.demonstration is not None:
        found.append(col(CouncilReview.demonstration).is_(asked.demonstration))
    if asked.indicator or asked.decision:
        found.append(_with_decision(asked))
    return found


def _with_decision(asked: ReviewListParameters) -> ColumnElement[bool]:
    clauses = [col(ReviewDecision.review_id) == col(CouncilReview.id)]
    if asked.indicator:
        clauses.append(col(ReviewDecision.code).in_(asked.indicator))
    if asked.decision:
        clauses.append(col(ReviewDecision.decision).in_(asked.decision))
    return exists().where(*clauses)
