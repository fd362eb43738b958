"""Rules of exports: what one holds, in which order, from one snapshot, and nothing of it kept in memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Protocol

from sqlalchemy import Select, Table
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities.lines import line_of
from klaster_registry.exports import repository
from klaster_registry.exports.collections import ALL, ENTITIES, records_in
from klaster_registry.exports.schemas import Collection, ExportParameters, Format
from klaster_registry.exports.writers import WRITERS, Taken, Writer, records_of
from klaster_shared.database import Database
from klaster_shared.errors import Invalid

LONGEST = 3600  # seconds that an export may take: whoever reads slower than that should ask for less
EDITION = 2  # of the formats: it grows when the same records are written in another way
_ENTITIES_ALONE: dict[Format, str] = {"jsonld": "JSON-LD", "ror": "ROR"}
# What the database can hand over as it is, without a record being read.
_KEPT: dict[Format, Select[Any]] = {"csv": repository.LINES, "ndjson": repository.RECORDS}
LINES_AT_ONCE = 500


class Sink(Protocol):
    """Where an export goes."""

    async def begin(self, taken: Taken) -> None:
        """Where it was taken, before anything of it."""

    async def write(self, data: bytes) -> None:
        """The next bytes; returns when there is room for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A format and what is to be written in it."""

    format: Format
    collections: Sequence[Collection]

    def etag(self, position: int, *, today: date, encoding: str = "") -> str:
        """The ETag of this export at a position of the feed: nothing that it holds changes without the position.

        The day belongs to it: what holds for a time is written as of today.
        """
        told = f"{self.format}|{','.join(self.collections)}|{today}|{encoding}|{EDITION}"
        return f'"{position}.{blake2b(told.encode(), digest_size=8).hexdigest()}"'


def resolve(parameters: ExportParameters, *, otherwise: Format) -> Asked:
    """What is asked for; raises Invalid where a format cannot hold it."""
    chosen = parameters.format or otherwise
    several = chosen in {"ndjson", "xlsx"}
    asked = tuple(dict.fromkeys(parameters.collection))
    collections: tuple[Collection, ...] = asked or (ALL if several else (ENTITIES,))
    if chosen in _ENTITIES_ALONE and collections != (ENTITIES,):
        detail = f"{_ENTITIES_ALONE[chosen]} knows organisations alone: ask for entities"
        raise Invalid.field("query/collection", "entities_alone", detail)
    if not several and len(collections) > 1:
        raise Invalid.field("query/collection", "one_table", "A CSV holds one table: name one collection")
    return Asked(format=chosen, collections=collections)


async def position_of(database: Database, table: Table) -> int:
    """Where the feed stands now: enough to know whether an export would be the one that the caller has."""
    async with database.read() as session:
        return await repository.position(session, table)


async def write_export(
    database: Database, *, asked: Asked, table: Table, sink: Sink, today: date, now: datetime
) -> None:
    """Write what is asked for, as it is at one moment, with the position of the feed at that moment."""
    async with database.snapshot(seconds=LONGEST) as session:
        position = await repository.position(session, table)
        left_out = await repository.count_left_out(session) if asked.format == "ror" else None
        taken = Taken(position=position, at=now, collections=asked.collections, left_out=left_out)
        writer: Writer = WRITERS[asked.format]()
        await sink.begin(taken)
        await sink.write(writer.head(taken))
        for collection in asked.collections:
            await sink.write(writer.begin(collection))
            if collection == ENTITIES:
                await _write_entities(session, asked.format, writer, sink)
                continue
            async for records in records_in(session, collection, today=today):
                await sink.write(writer.records(records))
        await sink.write(writer.foot())


async def _write_entities(session: AsyncSession, chosen: Format, writer: Writer, sink: Sink) -> None:
    if chosen not in _KEPT:
        async for documents in _documents(session, chosen):
            await sink.write(writer.records(records_of(documents)))
        return

    async def hand_over(lines: bytes) -> None:
        await sink.write(writer.passed(lines))

    await repository.copy_texts(session, _KEPT[chosen], hand_over)


def _documents(session: AsyncSession, chosen: Format) -> AsyncIterator[Sequence[str]]:
    return repository.texts(session, repository.ROR_DOCUMENTS if chosen == "ror" else repository.DOCUMENTS)


async def keep_lines(database: Database) -> int:
    """Make the lines of CSV that programs of before did not make, some hundreds at a time; how many there were."""
    made = 0
    while True:
        async with database.read() as session:
            found = await repository.without_line(session, limit=LINES_AT_ONCE)
        if not found:
            return made
        async with database.write() as session:
            for entity_id, version, document in found:
                await repository.keep_line(session, entity_id, version, line_of(document))
        made += len(found)
