"""Queries that fill the outbox."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.database import upsert


async def add_messages(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write messages in one statement; one whose key is taken is left out."""
    if rows:
        await session.execute(upsert(session, "messages").on_conflict_do_nothing(index_elements=["key"]), list(rows))
