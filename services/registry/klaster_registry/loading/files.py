"""Loading whole files: read line by line, written in batches, each committed by itself."""

import asyncio
import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from klaster_registry.loading.operations import Outcome, Rejection, Stated, load_entities, only_news
from klaster_registry.loading.schemas import EntityStated
from klaster_shared.database import SYSTEM, Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import FieldError

BATCH = 250  # a third of a second of writing, then whoever else waits is let in
BREATH = 0.01  # seconds between batches: SQLite's writers look again every few milliseconds
Reader = Callable[[Mapping[str, Any]], EntityStated]


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, compressed or not, with their numbers; empty ones are passed over."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


async def load_lines(
    database: Database, lines: Iterable[tuple[int, bytes]], *, read: Reader, report: Callable[[Rejection], None]
) -> Outcome:
    """Load JSON records; what was loaded before an interruption is found unchanged when it is run again.

    Rejections go to `report` as they are found: the outcome carries none of them.
    """
    total, remaining = Outcome(), iter(lines)
    while portion := list(islice(remaining, BATCH)):
        batch = list(_stated(portion, read, report))
        outcome = await _write(database, batch) if batch else Outcome()
        for rejection in outcome.rejected:
            report(rejection)
        total.created += outcome.created
        total.updated += outcome.updated
        total.unchanged += outcome.unchanged
        total.kept += outcome.kept
        total.kinds |= outcome.kinds
        await asyncio.sleep(BREATH)
    return total


async def _write(database: Database, batch: list[Stated]) -> Outcome:
    async with database.read() as session:
        news = await only_news(session, batch=batch)
    outcome = Outcome()
    if news:
        async with database.write(actor=SYSTEM) as session:
            outcome = await load_entities(session, batch=news, now=utc_now())
    outcome.unchanged += len(batch) - len(news)
    return outcome


def _stated(lines: Iterable[tuple[int, bytes]], read: Reader, report: Callable[[Rejection], None]) -> Iterator[Stated]:
    for number, line in lines:
        record: Any = None
        try:
            record = from_json(line, allow_inf_nan=False)
            yield Stated.of(number, read(record))
        except ValidationError as error:
            key = record.get("id") if isinstance(record, dict) else None
            errors = [
                FieldError(pointer="".join(f"/{step}" for step in one["loc"]), code=one["type"], detail=one["msg"])
                for one in error.errors(include_url=False)
            ]
            report(Rejection(line=number, key=str(key) if key else None, errors=errors))
        except ValueError as error:
            wrong = FieldError(pointer="", code="json_invalid", detail=str(error))
            report(Rejection(line=number, key=None, errors=[wrong]))
