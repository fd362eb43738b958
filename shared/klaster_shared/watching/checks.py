"""What can be the matter with a service, one check for each thing. A check says what is wrong, or nothing."""

import asyncio
import json
import os
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import Table, make_url

from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.watching import repository

ROOM = 64 * 1024 * 1024  # bytes free on the disk of a database file; less is trouble before it is a failure
SILENCE = 60.0  # seconds; a worker looks for work every two
OVERDUE = timedelta(minutes=10)  # a job that is due is taken up at once, where anybody takes up jobs at all


def disk(database: Database) -> str | None:
    """Whether writes find room: what the last ones met, and what the disk of a database file says."""
    if (refused := database.writes.refused) is not None:
        return refused
    path = make_url(database.url).database if database.dialect == "sqlite" else None
    if path is None:
        return None  # a server's disk is known to the server alone, and to the writes that it refuses
    try:
        state = os.statvfs(Path(path).parent)
    except OSError as error:
        return f"the folder of the database cannot be read: {error.strerror}"
    if state.f_flag & os.ST_RDONLY:
        return "read-only"
    free = state.f_bavail * state.f_frsize
    return f"{free // 1024 // 1024} MB are left" if free < ROOM else None


def public_keys(file: Path) -> str | None:
    """Whether anybody's token can be checked."""
    try:
        return None if json.loads(file.read_text())["keys"] else f"{file.name} holds no key"
    except OSError as error:
        return f"{file.name} cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError):
        return f"{file.name} is no set of keys"


def private_key(file: Path | None) -> str | None:
    """Whether neighbours can be asked, where the service has a key to ask them with."""
    if file is None:
        return None
    try:
        return None if "d" in json.loads(file.read_text()) else f"{file.name} is no private key"
    except OSError as error:
        return f"{file.name} cannot be read: {error.strerror}"
    except (ValueError, TypeError):
        return f"{file.name} is no private key"


def workers(working: Sequence[object], tasks: Sequence["asyncio.Task[None]"]) -> str | None:
    """Whether the background work of this process goes on."""
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            return f"a worker ended: {type(error).__name__}"
    for worker in working:
        looked_at: float | None = getattr(worker, "looked_at", None)
        if looked_at is not None and (silent := monotonic() - looked_at) > SILENCE:
            return f"a worker has not looked for work for {silent:.0f} s"
    return None


def kinds_of(working: Sequence[object]) -> frozenset[str]:
    """The kinds of jobs that these workers take up."""
    return frozenset(kind for worker in working for kind in getattr(worker, "kinds", ()))


async def jobs(database: Database, table: Table | None, kinds: Collection[str]) -> str | None:
    """Whether anybody takes up jobs of these kinds, here or in another process."""
    if table is None or not kinds:
        return None
    now = utc_now()
    async with database.read() as session:
        overdue = await repository.longest_overdue(session, table, kinds=kinds, now=now)
    return f"a job has waited for {overdue.total_seconds():.0f} s to be taken up" if overdue > OVERDUE else None
