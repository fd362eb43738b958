"""Working an import off: chunk after chunk, each committed with its verdicts and its checkpoint, or not at all.

Whoever is killed in between leaves whole chunks behind, and whoever takes the job up goes on after the last of them.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities.operations import change_entity, hold_entity
from klaster_registry.entities.saving import save_many
from klaster_registry.imports import repository
from klaster_registry.imports.cells import pointers
from klaster_registry.imports.errors import ImportNotFound
from klaster_registry.imports.models import Import
from klaster_registry.imports.planning import plan, row_of
from klaster_registry.imports.reading import Row, records, table_rows, texts
from klaster_registry.imports.rows import Plan
from klaster_registry.loading.operations import load_entities
from klaster_shared.changes import Change
from klaster_shared.database import Actor, Database
from klaster_shared.dates import today_in, utc_now
from klaster_shared.errors import Problem
from klaster_shared.jobs import Job

CHUNK = 500
SMALL = 100  # rows of a chunk that change entities one by one: other writers wait no longer than for others
BREATH = 0.01  # seconds between chunks: SQLite's writers look again every few milliseconds
IMPORT = "import"


async def work_off(database: Database, job: Job, *, zone: str) -> dict[str, Any]:
    """The handler of the job: verdicts for all rows behind the checkpoint."""
    import_id = UUID(job.payload["import"])
    asked = await _asked(database, import_id, job)
    if asked is None:
        return {"superseded": True}
    actor = Actor(subject=job.payload["subject"], role=job.payload["role"])
    async with aclosing(_chunks(database, asked)) as chunks:
        async for rows in chunks:
            done = await _work_off(database, asked, rows, actor=actor, zone=zone)
            await job.progress(done)
            await asyncio.sleep(BREATH)
    async with database.write() as session:
        await repository.set_values(session, import_id, complete=True, updated_at=utc_now())
        return {"counts": await repository.counts(session, import_id)}


async def _asked(database: Database, import_id: UUID, job: Job) -> Import | None:
    async with database.read() as session:
        asked = await repository.find(session, import_id)
    if asked is None:
        raise ImportNotFound(f"There is no import {import_id}")
    return asked if asked.job_id == job.id else None


async def pieces_of(database: Database, asked: Import) -> AsyncIterator[bytes]:
    """The file, piece by piece."""
    for position in range(asked.pieces):
        async with database.read() as session:
            content = await repository.piece(session, asked.id, position)
        yield content


def rows_of(database: Database, asked: Import) -> AsyncIterator[Row]:
    """The rows of the file, the header of a table among them."""
    parts = texts(pieces_of(database, asked), asked.encoding)
    return table_rows(parts, asked.delimiter) if asked.format in {"csv", "xlsx"} else records(parts)


async def _chunks(database: Database, asked: Import) -> AsyncGenerator[list[Row], None]:
    """The rows that have no verdict yet."""
    held: list[Row] = []
    header = asked.format in {"csv", "xlsx"}
    async for row in rows_of(database, asked):
        if header:
            header = False
            continue
        if row.number <= asked.done or _says_nothing(row):
            continue
        held.append(row)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held


def _says_nothing(row: Row) -> bool:
    """Rows without a filled cell; and the first and last line of our own export, which frame it."""
    if isinstance(row.said, list):
        return not any(isinstance(cell, str) and cell.strip() for cell in row.said) and all(
            isinstance(cell, str) for cell in row.said
        )
    return isinstance(row.said, dict) and bool(row.said.keys() & {"export", "complete"}) and "names" not in row.said


async def _work_off(database: Database, asked: Import, rows: Sequence[Row], *, actor: Actor, zone: str) -> int:
    """One chunk, in several transactions where many of its rows change entities one by one."""
    async with database.read() as session:
        planned = await plan(session, asked, rows, now=utc_now())
    one_by_one = asked.purpose == "application" and sum(one.update is not None for one in planned) > SMALL
    step = SMALL if one_by_one else len(planned)
    for start in range(0, len(planned), step):
        some = planned[start : start + step]
        async with database.write(actor=actor) as session:
            done = await _apply(session, asked, some, zone=zone) if asked.purpose == "application" else some
            await repository.add_rows(session, [row_of(asked.id, one) for one in done])
            await repository.set_values(session, asked.id, done=some[-1].number, updated_at=utc_now())
    return planned[-1].number


async def _apply(session: AsyncSession, asked: Import, planned: Sequence[Plan], *, zone: str) -> list[Plan]:
    now = utc_now()
    new = [one.whole for one in planned if one.whole is not None]
    if new:
        await save_many(session, wholes=new, now=now)
    done = {one.number: one for one in planned}
    if stated := [one for one in planned if one.stated is not None and one.verdict in {"created", "updated"}]:
        done |= {one.number: one for one in await _load(session, stated)}
    for one in planned:
        if one.update is not None:
            done[one.number] = await _change(session, one, zone=zone)
    return [done[one.number] for one in planned]


async def _load(session: AsyncSession, planned: Sequence[Plan]) -> list[Plan]:
    """Records of ROR, as loading writes them; what it noted for the change log says what became of each."""
    batch = [one.stated for one in planned if one.stated is not None]
    outcome = await load_entities(session, batch=batch, now=utc_now())
    wrong = {rejection.line: rejection.errors for rejection in outcome.rejected}
    noted: list[Change] = session.info.get("changes", [])
    known = {one.record["source_key"]: one for one in noted if one.collection == "entities" and one.record}
    found = []
    for one in planned:
        change = known.get(one.stated.key) if one.stated is not None else None
        if one.number in wrong:
            found.append(one.rejected(wrong[one.number]))
        elif change is None:  # it says something else, but nothing that is kept
            found.append(replace(one, verdict="unchanged"))
        else:
            changed = [name for name in change.changed if name not in {"version", "updated_at"}]
            found.append(replace(one, entity_id=UUID(change.id), changed=changed))
    return found


async def _change(session: AsyncSession, one: Plan, *, zone: str) -> Plan:
    """Change one entity; what refuses that leaves nothing of it behind, and no other row."""
    assert one.update is not None
    kept = list(session.info.get("changes", ()))
    now = utc_now()
    try:
        async with session.begin_nested():
            claims: Any = one.update.identifiers if "identifiers" in one.update.model_fields_set else None
            entity = await hold_entity(session, reference=str(one.entity_id), claims=claims)
            version = entity.version
            saved = await change_entity(session, entity=entity, given=one.update, now=now, today=today_in(zone, now))
    except Problem as problem:
        if problem.status >= 500:
            raise
        session.info["changes"] = kept
        errors = problem.errors or [{"pointer": "", "code": problem.code, "detail": problem.detail}]
        return one.rejected(pointers(errors))
    return one if saved.version != version else replace(one, verdict="unchanged", changed=())
