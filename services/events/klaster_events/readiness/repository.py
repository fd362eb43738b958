"""Queries on declared readiness."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.readiness.models import Readiness


async def of_post(session: AsyncSession, post_id: UUID) -> Readiness | None:
    """What was declared with a post."""
    return await session.scalar(select(Readiness).where(col(Readiness.post_id) == post_id))
