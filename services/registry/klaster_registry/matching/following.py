"""The index of one process: made when it is first asked for, then kept up to date by the change log."""

import asyncio
from weakref import WeakKeyDictionary

from klaster_registry.matching import repository
from klaster_registry.matching.index import Index
from klaster_shared.database import Database

_PAGE = 200  # entities at a time: some 25 ms, then whoever else waits is served
_ANEW = 20_000  # changes: beyond, to begin anew takes no longer
_UNSETTLED = 5_000  # whole names outside the sorted table


class _Followed:
    """The index of one database, and the position it is at."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.index: Index | None = None
        self.position = 0


_FOLLOWED: WeakKeyDictionary[Database, _Followed] = WeakKeyDictionary()


async def index_of(database: Database) -> Index:
    """The index as of now: whatever was committed before this call is in it.

    What has changed is asked for before each use, which costs one look at the last row of the log.
    """
    followed = _FOLLOWED.setdefault(database, _Followed())
    async with followed.lock:
        async with database.read() as session:
            last = await repository.last_change(session)
        if followed.index is None or not await _follow(database, followed.index, followed.position, last):
            followed.index = await _made(database)
        followed.position = last
        return followed.index


async def _made(database: Database) -> Index:
    index, after = Index(), None
    while True:
        async with database.read() as session:
            ids = await repository.ids_page(session, after, _PAGE)
            page = await repository.named(session, ids)
        if not ids:
            break
        index.fill(page)
        after = ids[-1]
        await asyncio.sleep(0)
    await asyncio.to_thread(index.settle)
    return index


async def _follow(database: Database, index: Index, position: int, until: int) -> bool:
    """Bring the index to a position; False where it has to be made anew."""
    if until == position:
        return True
    if not 0 < until - position <= _ANEW:
        return False
    async with database.read() as session:
        changed = await repository.changed_since(session, position, until)
    if changed is None:
        return False
    every = sorted(changed)
    for at in range(0, len(every), _PAGE):
        some = every[at : at + _PAGE]
        async with database.read() as session:
            there = await repository.named(session, some)
        for gone in set(some) - {entity.id for entity in there}:
            index.drop(gone)
        index.put(there)
        await asyncio.sleep(0)
    if index.unsettled > _UNSETTLED:
        await asyncio.to_thread(index.settle)
    return True
