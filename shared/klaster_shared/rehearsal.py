"""Doing for real what is to be done later, to see now whether it would be refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession


@asynccontextmanager
async def rehearsal(session: AsyncSession) -> AsyncIterator[None]:
    """Whatever is written inside is undone at the end: rows, and the changes noted for the log.

    What was loaded or written inside is expired then: read what is needed of it before.
    """
    kept = {name: list(value) if isinstance(value, list) else value for name, value in session.info.items()}
    savepoint = await session.begin_nested()
    try:
        yield
    finally:
        await savepoint.rollback()
        session.info.clear()
        session.info.update(kept)
