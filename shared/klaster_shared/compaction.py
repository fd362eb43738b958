"""Making a change log shorter: of what happened before an instant, the last word on each record stays, and no more.

What stays is set aside below all positions, in the order in which it was: records are known as of every instant since,
and whoever reads the feed from its beginning is told of every record. What is between is gone from feed and history.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, MetaData, Table, and_, delete, exists, literal, select, update
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import ASIDE, TABLE, span
from klaster_shared.database import Database
from klaster_shared.dates import utc_now

AT_ONCE = 2_000  # positions: a fraction of a second, then other writers are let in
BREATH = 0.01  # seconds between: SQLite's writers look again every few milliseconds


@dataclass(frozen=True, slots=True)
class Compacted:
    """How many changes are gone, how many were set aside, and where the feed begins now."""

    gone: int
    kept: int
    first: int


async def compact(database: Database, table: Table, *, before: datetime, at_once: int = AT_ONCE) -> Compacted:
    """Forget the changes from before an instant, but for the newest of all and the last word on each record.

    It works beside a running service, and what was cut short goes on when it is asked for again. A follower that has
    not read that far is told so (`PositionGone`), and begins anew.
    """
    async with database.read() as session:
        begin, last = await span(session, table)
        since = select(table.c.position).where(table.c.position > 0, table.c.at >= before)
        found = await session.scalar(since.order_by(table.c.position).limit(1))
    end = last if found is None else int(found)
    gone = kept = 0
    start = begin
    while start < end:
        stop = min(start + at_once, end)
        async with database.write() as session:
            gone += await _forget(session, table, start=start, stop=stop)
            kept -= (again := await _forget_older(session, table, start=start, stop=stop))
            kept += await _set_aside(session, table, start=start, stop=stop)
        gone += again
        start = await _next(database, table, stop)
        await asyncio.sleep(BREATH)
    return Compacted(gone, kept, max(begin, end))


async def _next(database: Database, table: Table, position: int) -> int:
    """The first position that is taken from here on: a restored copy has left room behind its last one."""
    async with database.read() as session:
        found = await session.scalar(select(sql.min(table.c.position)).where(table.c.position >= position))
    return position if found is None else int(found)


async def _forget(session: AsyncSession, table: Table, *, start: int, stop: int) -> int:
    """Forget what a later word within these positions has replaced."""
    newer, position = table.alias(), table.c.position
    later = select(literal(1)).where(_same(newer, table), newer.c.position > position, newer.c.position < stop)
    return _count(await session.execute(delete(table).where(position >= start, position < stop, exists(later))))


async def _forget_older(session: AsyncSession, table: Table, *, start: int, stop: int) -> int:
    """Forget what was set aside before and has been replaced within these positions."""
    aside, newer = table.alias(), table.alias()
    within = (newer.c.position >= start, newer.c.position < stop)
    older = select(aside.c.position).where(_same(newer, aside), aside.c.position < 0, *within)
    return _count(await session.execute(delete(table).where(table.c.position.in_(older))))


async def _set_aside(session: AsyncSession, table: Table, *, start: int, stop: int) -> int:
    log = table.c
    within = (log.position >= start, log.position < stop)
    return _count(await session.execute(update(table).where(*within).values(position=log.position - ASIDE)))


def _same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """The same record for the same eyes: who may no longer see one has a last word of their own on it."""
    return and_(*(one.c[name] == other.c[name] for name in ("collection", "record_id", "audience")))


def _count(done: Any) -> int:
    return int(done.rowcount)


async def _run(url: str, metadata: MetaData, *, days: int) -> Compacted:
    database = Database(url)
    try:
        return await compact(database, metadata.tables[TABLE], before=utc_now() - timedelta(days=days))
    finally:
        await database.dispose()


def main(package: str, metadata: MetaData, url: Callable[[], str]) -> int:
    """The command of a service: says what it did, and where the feed begins now. `url` reads the settings."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {package}.compact",
        description="Forgets changes that are older than some days, but for the last word on each record.",
    )
    parser.add_argument("--keep-days", type=int, required=True, help="days that feed and history keep in full")
    given = parser.parse_args()
    if given.keep_days < 1:
        parser.error("--keep-days is one or more")
    done = asyncio.run(_run(url(), metadata, days=given.keep_days))
    sys.stdout.write(f"{done.gone:,} changes gone, {done.kept:,} set aside; the feed begins at {done.first}\n")
    return 0
