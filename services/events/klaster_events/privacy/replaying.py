"""Before the service opens, whoever was erased is erased: a restored backup would have brought them back."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog

from klaster_events.database import open_database
from klaster_events.privacy import operations
from klaster_events.privacy.ledger import Ledger
from klaster_shared.database import Database
from klaster_shared.dates import utc_now

CLOSED = "erasures: those of the ledger have yet to be carried out in this database"
BATCH = 500  # people a transaction: a long one would stop every writer
_AGAIN_SECONDS = 1.0
log = structlog.get_logger(__name__)


async def replay_ledger(database: Database, ledger: Ledger, *, now: datetime) -> int:
    """Erase in this database whom the ledger names; how many there were to erase. The ledger learns what it missed.

    It may miss what a service did that was killed between its commit and the ledger, or one with a ledger of its own.
    """
    listed = await ledger.erased()
    erased = 0
    ids = sorted(listed)
    for first in range(0, len(ids), BATCH):
        erased += await _replay(database, ids[first : first + BATCH], now)
    async with database.read() as session:
        known = await operations.erasures(session)
    missing = sorted(known.keys() - listed.keys())
    await ledger.append(missing, at=now)
    return erased


async def _replay(database: Database, ids: Collection[UUID], now: datetime) -> int:
    async with database.read() as session:
        left = await operations.not_erased_yet(session, ids=ids)
    if not left:
        return 0
    async with database.write() as session:
        return await operations.erase_people(session, ids=left, reason="restored", now=now)


@asynccontextmanager
async def opened(database: Database, ledger: Ledger) -> AsyncIterator[None]:
    """The time in which the service is open: not before the ledger has been replayed.

    A database that is away or not migrated yet is waited for in the background; meanwhile nothing is answered from it.
    """
    waiting = None
    if ledger.path is not None:
        database.closed = CLOSED
        if not await _open(database, ledger):
            waiting = asyncio.create_task(_open_some_time(database, ledger))
    try:
        yield
    finally:
        if waiting is not None:
            waiting.cancel()


async def _open_some_time(database: Database, ledger: Ledger) -> None:
    while True:
        await asyncio.sleep(_AGAIN_SECONDS)
        if await _open(database, ledger):
            return


async def _open(database: Database, ledger: Ledger) -> bool:
    own = open_database(database.url)  # the one that is closed lets nobody in, us neither
    try:
        erased = await replay_ledger(own, ledger, now=utc_now())
    except Exception as error:  # whatever it is, a database with somebody erased in it stays closed
        log.warning("erasures_not_replayed", error=type(error).__name__)
        return False
    finally:
        await own.dispose()
    log.info("erasures_replayed", erased=erased)
    database.closed = None
    return True
