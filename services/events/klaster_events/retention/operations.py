"""Rules of retention: people who registered for nothing and came to nothing are erased."""

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.people.operations import forget
from klaster_events.retention import repository
from klaster_shared.database import Database

BATCH = 500


async def forget_unneeded_people(session: AsyncSession) -> int:
    """Erase one batch of people whom no event needs any more; how many they were."""
    ids = await repository.hold_unneeded(session, limit=BATCH)
    await forget(session, ids=ids)
    return len(ids)


async def forget_in_batches(database: Database) -> int:
    """Erase all of them. An idle service is not made to write: it looks before."""
    forgotten = 0
    while True:
        async with database.read() as session:
            if not await repository.unneeded(session, limit=1):
                return forgotten
        async with database.write() as session:
            batch = await forget_unneeded_people(session)
        forgotten += batch
        if not batch:
            return forgotten
