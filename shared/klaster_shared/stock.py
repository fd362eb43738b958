"""What lies in a service's database: revision, rows by table, the end of the feed, figures. Backups are held to it.

`python -m klaster_<service>.stock` prints it as a line of JSON. With `--hold` on PostgreSQL the line names the snapshot
that it was taken in, which stays until standard input ends: `pg_dump --snapshot` then copies exactly what was counted.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import MetaData, func, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import TABLE, leave_room, span
from klaster_shared.database import Database
from klaster_shared.dates import today_in, utc_now
from klaster_shared.figure_routes import Asked, Calendar, Countable, count_figures
from klaster_shared.figures import FigureDefinition
from klaster_shared.revisions import head, revision_of
from klaster_shared.settings import PACKAGE_VERSION, ServiceSettings

SECONDS = 3600  # a copy of everything is made within
_SHADOWS = "search_fts"  # a text index of SQLite's own making, and the tables it keeps


class Stock(BaseModel):
    """What lay there at one moment."""

    version: str
    revision: str | None
    day: date
    tables: dict[str, int]
    position: int | None
    figures: dict[str, str | None] | None
    snapshot: str | None = None


@dataclass(frozen=True, slots=True)
class Stocktaking:
    """How a service's stock is taken: its tables, and the figures that it publishes."""

    package: str
    metadata: MetaData
    open: Callable[[str], Database]
    definitions: Mapping[str, FigureDefinition] = field(default_factory=dict)
    countable: Mapping[str, Countable] = field(default_factory=dict)

    async def take(self, session: AsyncSession, *, day: date, zone: str) -> Stock:
        """Count everything in one transaction; figures only where the tables are those that this release knows."""
        connection = await session.connection()
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        revision = await revision_of(session) if "alembic_version" in names else None
        current = revision == head(self.package)
        return Stock(
            version=PACKAGE_VERSION,
            revision=revision,
            day=day,
            tables={name: await _rows(session, name) for name in sorted(names) if not name.startswith(_SHADOWS)},
            position=(await span(session, self.metadata.tables[TABLE]))[1] if TABLE in names else None,
            figures=await self._figures(session, day, zone) if current else None,
        )

    async def _figures(self, session: AsyncSession, day: date, zone: str) -> dict[str, str | None]:
        definitions = self.definitions.values()
        asked = Asked(as_of=day, now=utc_now())
        found = await count_figures(session, definitions, self.countable, Calendar(day, zone), asked)
        return {one.name: None if one.value is None else str(one.value) for one in found}


async def _rows(session: AsyncSession, name: str) -> int:
    return int(await session.scalar(select(func.count()).select_from(table(name))) or 0)


async def _show(taking: Stocktaking, settings: ServiceSettings, day: date | None, *, hold: bool) -> None:
    database = taking.open(settings.database_url)
    try:
        async with database.snapshot(seconds=SECONDS) as session:
            stock = await taking.take(session, day=day or today_in(settings.zone, utc_now()), zone=settings.zone)
            if hold and database.dialect == "postgresql":
                stock.snapshot = await session.scalar(text("SELECT pg_export_snapshot()"))
            sys.stdout.write(f"{stock.model_dump_json()}\n")
            sys.stdout.flush()
            if hold:
                await asyncio.to_thread(sys.stdin.read)
    finally:
        await database.dispose()


async def _leave_room(taking: Stocktaking, settings: ServiceSettings) -> None:
    database = taking.open(settings.database_url)
    try:
        async with database.write() as session:
            position = await leave_room(session, taking.metadata.tables[TABLE])
    finally:
        await database.dispose()
    sys.stdout.write(f"the feed goes on from {position}\n")


def main(taking: Stocktaking, settings: Callable[[], Any]) -> int:
    """The command of a service; `settings` reads them."""
    parser = argparse.ArgumentParser(prog=f"python -m {taking.package}.stock", description="Says what lies there.")
    parser.add_argument("--day", type=date.fromisoformat, help="the day that figures are counted for, else today")
    parser.add_argument("--hold", action="store_true", help="keep the snapshot until standard input ends")
    parser.add_argument("--leave-room", action="store_true", help="after a restore: give out no lost position again")
    given = parser.parse_args()
    if given.leave_room:
        asyncio.run(_leave_room(taking, settings()))
    else:
        asyncio.run(_show(taking, settings(), given.day, hold=given.hold))
    return 0
