"""`make move-to`: a stack that has outgrown SQLite goes on with the same rows on PostgreSQL."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from deploy.keeping.rows import Sum, Unlike, copy_rows
from deploy.keeping.sqlite import SqliteStack
from deploy.keeping.tables import tables_of
from deploy.local import folder, processes
from deploy.local.console import Console
from deploy.local.errors import Refusal
from deploy.local.postgresql import databases_on
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from deploy.services import SERVICES
from klaster_shared.database import Database


async def move(settings: RunnerSettings, console: Console) -> None:
    """Copy every row, compare every row, and leave a note; the files stay as they are.

    Raises Refusal where the stack runs, the server holds another one, or what arrived is not what was sent. Each
    service's rows arrive in one transaction: cut short, it goes on with the services that are missing.
    """
    if settings.database is None:
        raise Refusal("move-to needs DATABASE=, a server like postgresql://role:password@host/database")
    with folder.locked(settings.data):
        files = SqliteStack(settings)
        for service in SERVICES:
            files.refuse_missing(service)
        sources = files.urls()
        targets = await databases_on(settings.database, SERVICES, settings.data)
        await _migrate(settings, sources, console)
        await _migrate(settings, targets, console)
        rows = 0
        for service in SERVICES:
            rows += await _move(service, sources[service], targets[service], console)
        parts = urlsplit(settings.database)
        server = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        folder.note_move(settings.data, to=server, at=datetime.now(UTC), rows=rows)
    console.say(f"moved {rows:,} rows to {server}; start it there with `make run DATABASE=...` and the same DATA")
    console.say(f"the files in {settings.data} are as they were: remove them when you no longer need them")


async def _migrate(settings: RunnerSettings, databases: Mapping[str, str], console: Console) -> None:
    if await processes.run(Stack(settings=settings, databases=databases).migrations(), console):
        raise Refusal("not every database could be migrated (the lines above say which, and why)")


async def _move(service: str, source: str, target: str, console: Console) -> int:
    began, tables = time.monotonic(), tables_of(service)
    old, new = Database(source), Database(target, migrating=True)
    try:
        try:
            sums, before = await copy_rows(old, new, tables)
        except Unlike as unlike:
            raise Refusal(f"{service}: {unlike}; nothing of it was changed on the server") from unlike
        how = "were there already" if before else f"moved in {time.monotonic() - began:.1f} s"
        console.say(f"  {service:<10} {_rows(sums):>9,} rows {how}, each the same")
        return _rows(sums)
    finally:
        await old.dispose()
        await new.dispose()


def _rows(sums: Mapping[str, Sum]) -> int:
    return sum(one.rows for one in sums.values())
