"""Rules of imports: made, given a file, corrected, rehearsed, applied, cancelled, forgotten."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.imports import repository, running
from klaster_registry.imports.columns import check_mapping, guessed
from klaster_registry.imports.errors import FileUnreadable, ImportNotFound, ImportRunning, ImportWithoutFile
from klaster_registry.imports.models import Import, ImportRow
from klaster_registry.imports.reading import delimiter_of, lines, texts
from klaster_registry.imports.schemas import Format, ImportCreate, ImportRowParameters, ImportUpdate, Purpose
from klaster_registry.imports.spooling import Spooled, kind_of, spool
from klaster_registry.imports.workbooks import SheetReader
from klaster_shared.database import Actor, Database
from klaster_shared.errors import Unavailable
from klaster_shared.identifiers import new_id
from klaster_shared.jobs import Jobs

ORDER, ROW_ORDER = repository.ORDER, repository.ROW_ORDER
KEPT_FOR = timedelta(days=30)  # files; verdicts stay as long as their import
_RUNNING = {"queued", "running"}


@dataclass(frozen=True, slots=True)
class Looked:
    """An import with its counts and its work."""

    asked: Import
    counts: dict[str, int]
    job: Any | None


async def create_import(session: AsyncSession, *, given: ImportCreate, actor: Actor, now: datetime) -> Import:
    """Note that a file is to come."""
    asked = Import(
        id=new_id(),
        filename=given.filename,
        format=given.format,
        source=given.source,
        duplicates=given.duplicates,
        columns=[],
        mapping=[],
        created_by=actor.subject,
        created_at=now,
        updated_at=now,
    )
    session.add(asked)
    await session.flush()
    return asked


async def find_import(session: AsyncSession, *, import_id: UUID, held: bool = False) -> Import:
    """One import; raises ImportNotFound."""
    asked = await repository.find(session, import_id, held=held)
    if asked is None:
        raise ImportNotFound(f"There is no import {import_id}")
    return asked


async def look_at(session: AsyncSession, jobs: Jobs, *, asked: Import) -> Looked:
    """An import as its caller sees it."""
    job = await jobs.find(session, asked.job_id) if asked.job_id else None
    return Looked(asked, await repository.counts(session, asked.id), job)


async def list_imports(session: AsyncSession, *, cursor: str | None, limit: int) -> Sequence[Import]:
    """One page, and one more where there is more."""
    return await repository.page(session, cursor=cursor, limit=limit)


async def list_rows(session: AsyncSession, *, import_id: UUID, parameters: ImportRowParameters) -> Sequence[ImportRow]:
    """One page of verdicts, and one more where there is more."""
    return await repository.rows_page(
        session, import_id, verdicts=parameters.verdict, cursor=parameters.cursor, limit=parameters.limit
    )


async def rows_behind(database: Database, *, import_id: UUID, number: int) -> Sequence[ImportRow]:
    """The next verdicts of an import, for whoever reads them all."""
    async with database.read() as session:
        return await repository.rows_behind(session, import_id, number, limit=running.CHUNK)


async def refuse_running(session: AsyncSession, jobs: Jobs, *, asked: Import) -> None:
    """Nothing is changed under whoever works on it; raises ImportRunning."""
    job = await jobs.find(session, asked.job_id) if asked.job_id else None
    if job is not None and job.state in _RUNNING:
        raise ImportRunning("Wait until it has ended, or cancel it")


async def receive_file(
    database: Database,
    jobs: Jobs,
    *,
    import_id: UUID,
    parts: AsyncIterator[bytes],
    sheets: SheetReader,
    now: datetime,
) -> None:
    """Keep the file of an import, in place of one that was there; raises FileUnreadable, ImportRunning."""
    async with database.write() as session:
        asked = await find_import(session, import_id=import_id, held=True)
        await refuse_running(session, jobs, asked=asked)
        await _reset(session, asked, now=now, pieces=0, size=0)
        await repository.forget_pieces(session, import_id)
    try:
        spooled = await spool(database, import_id, parts, sheets=sheets)
        values = await _described(database, asked, spooled)
    except (FileUnreadable, Unavailable):
        async with database.write() as session:
            await repository.forget_pieces(session, import_id)
        raise
    async with database.write() as session:
        await repository.set_values(session, import_id, **values, version=asked.version + 1, updated_at=now)


async def _described(database: Database, asked: Import, spooled: Spooled) -> dict[str, Any]:
    """What the beginning of a file tells of it."""
    kind: Format = "xlsx" if spooled.workbook else kind_of(spooled.head)
    if asked.format is not None and asked.format != kind and {asked.format, kind} != {"ror", "ndjson"}:
        raise FileUnreadable(f"It was said to be {asked.format}, and is {kind}")
    values: dict[str, Any] = {
        "format": asked.format or kind,
        "size": spooled.size,
        "pieces": spooled.pieces,
        "encoding": spooled.encoding,
    }
    if values["format"] == "ror":
        values["source"] = "ror"
    if kind not in {"csv", "xlsx"}:
        return {**values, "columns": [], "mapping": []}
    return {**values, **await _header(database, asked, values)}


async def _header(database: Database, asked: Import, values: dict[str, Any]) -> dict[str, Any]:
    looked = Import(**{**asked.model_dump(), **values})
    first = ""
    async for line in lines(texts(running.pieces_of(database, looked), looked.encoding)):
        first = line
        if line.strip():
            break
    looked.delimiter = "," if values["format"] == "xlsx" else delimiter_of(first)
    async for row in running.rows_of(database, looked):
        if row.wrong is not None:
            raise FileUnreadable(f"The header cannot be read: {row.wrong}")
        columns = [str(name).strip()[:200] for name in row.said]
        if len(columns) > 500:
            raise FileUnreadable("The table has more than 500 columns")
        return {"delimiter": looked.delimiter, "columns": columns, "mapping": guessed(columns)}
    raise FileUnreadable("The table has no header")


async def change_import(
    session: AsyncSession, jobs: Jobs, *, asked: Import, given: ImportUpdate, now: datetime
) -> None:
    """Correct the mapping, or what is done with duplicates: verdicts of before are void. Raises Invalid."""
    await refuse_running(session, jobs, asked=asked)
    values = given.model_dump()
    if "mapping" in values:
        check_mapping(values["mapping"], asked.columns)
    await _reset(session, asked, now=now, version=asked.version + 1, **values)


async def _reset(session: AsyncSession, asked: Import, *, now: datetime, **values: Any) -> None:
    await repository.forget_rows(session, asked.id)
    nothing = {"purpose": "none", "done": 0, "complete": False, "job_id": None, "updated_at": now}
    await repository.set_values(session, asked.id, **nothing, **values)


async def start(
    session: AsyncSession, jobs: Jobs, *, asked: Import, purpose: Purpose, actor: Actor, now: datetime
) -> None:
    """Begin to rehearse or to apply; what was cut short goes on where it stood.

    Raises ImportRunning and ImportWithoutFile.
    """
    await refuse_running(session, jobs, asked=asked)
    if not asked.pieces:
        raise ImportWithoutFile("Send the file first: PUT .../file")
    if asked.purpose != purpose or asked.complete:
        await _reset(session, asked, now=now)
    payload = {"import": str(asked.id), "subject": actor.subject, "role": actor.role}
    job_id = await jobs.enqueue(session, kind=running.IMPORT, payload=payload, now=now)
    await repository.set_values(session, asked.id, purpose=purpose, job_id=job_id, updated_at=now)


async def cancel(session: AsyncSession, jobs: Jobs, *, asked: Import) -> None:
    """Stop the work behind the chunk that is being written; what was applied stays, and can be gone on with."""
    if asked.job_id is not None:
        await jobs.cancel(session, asked.job_id)


async def delete_import(session: AsyncSession, jobs: Jobs, *, asked: Import) -> None:
    """Forget an import, its file and its verdicts; entities stay as they are. Raises ImportRunning."""
    await refuse_running(session, jobs, asked=asked)
    await repository.forget_import(session, asked.id)


async def forget_old_files(session: AsyncSession, *, now: datetime) -> int:
    """Let the files of imports go that nobody has touched for a month."""
    return await repository.forget_old_files(session, before=now - KEPT_FOR)
