"""An import of ROR records on SQLite, as the service's job does it, beside bare statements that write the same rows."""

import asyncio
import gc
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

from klaster_registry.database import METADATA, open_database
from klaster_registry.housekeeping import housekeeping_jobs
from klaster_registry.imports import operations
from klaster_registry.imports.schemas import ImportCreate
from klaster_registry.imports.workbooks import MODULE, SECONDS
from klaster_registry.loading.files import lines_of
from klaster_shared.children.child import Child
from klaster_shared.database import Actor, Database
from klaster_shared.dates import utc_now
from klaster_shared.migrations import upgrade
from tests.benchmarks.machine import resident_mb
from tests.benchmarks.matching import POLAND

OFFICE = Actor(subject="key:bench", role="office")
MARKS = (1 / 4, 1)  # of the records: memory at the second, less that at the first, is what grows with the file
AT_ONCE = 500


@dataclass(frozen=True)
class ImportFigures:
    """What an import came to; seconds, and MiB by which the process grew between a quarter and the whole."""

    records: int
    rows: int
    seconds: float
    cpu_seconds: float
    bare_seconds: float
    growth_mib: float


def measure(folder: Path, *, say: Callable[[str], None], path: Path) -> ImportFigures | None:
    """Take a file in, then write the rows that this made once more; None without a dump of ROR's."""
    if path == POLAND:
        say("import: our own records of Poland are no dump of ROR: name one with --records")
        return None
    folder.mkdir(exist_ok=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)  # as the service does
    say(f"import: {path.name}")
    total = sum(1 for _ in lines_of(path))
    seconds, cpu, growth = asyncio.run(_taken_in(folder / "import.db", path, total))
    say("import: the same rows in bare statements")
    rows, bare = _bare(folder / "import.db", folder / "bare.db")
    return ImportFigures(total, rows, seconds, cpu, bare, growth)


async def _taken_in(place: Path, path: Path, total: int) -> tuple[float, float, float]:
    url = f"sqlite+aiosqlite:///{place}"
    await upgrade(url, "klaster_registry")
    database = open_database(url)
    began, worked = perf_counter(), process_time()
    jobs = housekeeping_jobs(database)
    async with database.write(actor=OFFICE) as session:
        asked = await operations.create_import(session, given=ImportCreate(format="ror"), actor=OFFICE, now=utc_now())
    sheets = Child(MODULE, seconds=SECONDS)
    await operations.receive_file(database, jobs, import_id=asked.id, parts=_parts(path), sheets=sheets, now=utc_now())
    async with database.write(actor=OFFICE) as session:
        kept = await operations.find_import(session, import_id=asked.id)
        await operations.start(session, jobs, asked=kept, purpose="application", actor=OFFICE, now=utc_now())
    watching = asyncio.create_task(_watch(database, total))
    await jobs.run_next()
    seconds, cpu = perf_counter() - began, process_time() - worked
    growth = await asyncio.wait_for(watching, 10)
    async with database.read() as session:
        kept = await operations.find_import(session, import_id=asked.id)
        counts = (await operations.look_at(session, jobs, asked=kept)).counts
    assert counts == {"created": total}, counts
    await database.dispose()
    return seconds, cpu, growth


async def _watch(database: Database, total: int) -> float:
    """MiB of memory between two marks of progress."""
    seen = []
    for mark in MARKS:
        done = 0
        while done < total * mark:
            await asyncio.sleep(0.2)
            async with database.read() as session:
                page = await operations.list_imports(session, cursor=None, limit=1)
            done = page[0].done
        seen.append(resident_mb(os.getpid()))
    return (seen[-1] - seen[0]) * 1e6 / 2**20


async def _parts(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(2**16):
            yield part


def _bare(made: Path, anew: Path) -> tuple[int, float]:
    """All rows of all tables, read beforehand, written into tables like these: executemany, 500 at a time."""
    source, target = sqlite3.connect(made), sqlite3.connect(anew)
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{anew}", "klaster_registry"))
    target.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
    rows, seconds = 0, 0.0
    for table in METADATA.sorted_tables:
        found = iter(source.execute(f'SELECT * FROM "{table.name}"'))
        while some := list(islice(found, AT_ONCE)):
            began = perf_counter()
            places = ", ".join("?" * len(some[0]))
            target.executemany(f'INSERT OR REPLACE INTO "{table.name}" VALUES ({places})', some)
            target.commit()
            seconds += perf_counter() - began
            rows += len(some)
    source.close()
    target.close()
    return rows, seconds


PART = """## Imports, {records:,} records of ROR on SQLite

`make bench ARGS="--only import --records FILE"`: sent, unpacked, planned and applied as the service does it, with a
verdict for each record; and {rows:,} rows, all that this wrote, once more by bare statements (`executemany`, 500 rows
a transaction, the same tables and indexes). Memory is what the process grew by from a quarter of the records to all.

| way | s | of bare | CPU s | memory grows by MiB |
|---|---|---|---|---|
| bare statements | {bare:,.1f} | 1.0 | | |
| the import | {seconds:,.1f} | {ratio:.1f} | {cpu:,.1f} | {growth:.1f} |
"""


def import_part(figures: ImportFigures) -> str:
    """The part in Markdown."""
    return PART.format(
        records=figures.records,
        rows=figures.rows,
        bare=figures.bare_seconds,
        seconds=figures.seconds,
        ratio=figures.seconds / figures.bare_seconds,
        cpu=figures.cpu_seconds,
        growth=figures.growth_mib,
    )
