"""Queries about what every service has: its jobs, its log of changes, how far it follows others, its size."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import span
from klaster_shared.database import is_postgresql


async def live_jobs(session: AsyncSession, table: Table, *, kinds: Collection[str], now: datetime) -> Sequence[Any]:
    """Of each of these kinds: how many are due, are being done, wait for another try; what has been due longest."""
    queued = table.c.state == "queued"
    due = and_(queued, table.c.due <= now)
    statement = (
        select(
            table.c.kind,
            func.count(case((due, 1))).label("waiting"),
            func.count(case((table.c.state == "running", 1))).label("running"),
            func.count(case((and_(queued, table.c.attempts > 0), 1))).label("retried"),
            func.min(case((due, table.c.due))).label("oldest"),
        )
        .where(table.c.state.in_(("queued", "running")), table.c.kind.in_(kinds))
        .group_by(table.c.kind)
    )
    return (await session.execute(statement)).all()


async def failed_jobs(session: AsyncSession, table: Table, *, kinds: Collection[str], since: datetime) -> Sequence[Any]:
    """Of each of these kinds: how many were given up since then."""
    failed = (
        select(table.c.kind, func.count().label("failed"))
        .where(table.c.state == "failed", table.c.finished_at >= since, table.c.kind.in_(kinds))
        .group_by(table.c.kind)
    )
    return (await session.execute(failed)).all()


async def longest_overdue(session: AsyncSession, table: Table, *, kinds: Collection[str], now: datetime) -> timedelta:
    """How long the job of these kinds that has waited longest is overdue; nothing where none waits."""
    waiting = select(func.min(table.c.due)).where(
        table.c.state == "queued", table.c.due <= now, table.c.kind.in_(kinds)
    )
    oldest = await session.scalar(waiting)
    return now - oldest if oldest is not None else timedelta()


async def newest_position(session: AsyncSession, table: Table) -> int:
    """The end of the service's own feed."""
    return (await span(session, table))[1]


async def followed_positions(session: AsyncSession, table: Table) -> Sequence[Any]:
    """How far each feed of others has been read here, and since when."""
    return (await session.execute(select(table.c.feed, table.c.position, table.c.moved_at))).all()


async def size_of_database(session: AsyncSession) -> int:
    """Bytes that the database takes on its disk."""
    if is_postgresql(session):
        return int(await session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(await session.scalar(text(pages)) or 0)
