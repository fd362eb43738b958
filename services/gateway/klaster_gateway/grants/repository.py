"""Every query about grants."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_gateway.grants.models import Grant
from klaster_gateway.grants.schemas import GrantListParameters
from klaster_shared.pagination import Order, after

ORDER = (
    Order("created_at", col(Grant.created_at), descending=True),  # type: ignore[arg-type]
    Order("id", col(Grant.id), descending=True),  # type: ignore[arg-type]
)


async def hold_grant(session: AsyncSession, grant_id: UUID) -> Grant | None:
    """One grant, held until this transaction ends."""
    return await session.get(Grant, grant_id, with_for_update=True)


async def find_grant(session: AsyncSession, grant_id: UUID) -> Grant | None:
    """One grant, to be looked at."""
    return await session.get(Grant, grant_id)


async def active_of(session: AsyncSession, issuer: str, subject: str, *, now: datetime) -> Sequence[Grant]:
    """What a person may act as now."""
    statement = select(Grant).where(col(Grant.issuer) == issuer, col(Grant.subject) == subject, _active(now))
    return (await session.scalars(statement.order_by(col(Grant.created_at)))).all()


async def grants_page(session: AsyncSession, asked: GrantListParameters, *, now: datetime) -> Sequence[Grant]:
    """One page, the newest first, and one row more where there is more."""
    statement = _asked(select(Grant), asked, now)
    return (await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all()


async def count_grants(session: AsyncSession, asked: GrantListParameters, *, now: datetime) -> int:
    """How many the parameters ask for."""
    return int(await session.scalar(_asked(select(func.count()).select_from(Grant), asked, now)) or 0)


def _asked(statement: Any, asked: GrantListParameters, now: datetime) -> Any:
    for column, values in ((Grant.issuer, asked.issuer), (Grant.subject, asked.subject), (Grant.entity, asked.entity)):
        if values:
            statement = statement.where(col(column).in_(values))
    if asked.active is not None:
        statement = statement.where(_active(now) if asked.active else not_(_active(now)))
    return statement


def _active(now: datetime) -> Any:
    return and_(col(Grant.starts_at) <= now, or_(col(Grant.ends_at).is_(None), col(Grant.ends_at) > now))
