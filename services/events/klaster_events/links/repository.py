"""Queries on the keys of links."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import upsert
from klaster_events.links.models import LinkKey


async def keys(session: AsyncSession) -> Sequence[bytes]:
    """All keys, the newest last: it is the one that signs."""
    return list((await session.scalars(select(col(LinkKey.secret)).order_by(col(LinkKey.number)))).all())


async def add_first(session: AsyncSession, *, secret: bytes, now: datetime) -> None:
    """Keep the first key; of two that make one at once the first holds."""
    row = {"number": 1, "secret": secret, "created_at": now}
    await session.execute(upsert(session, "link_keys").values(row).on_conflict_do_nothing())
