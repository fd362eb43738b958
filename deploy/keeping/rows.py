"""Rows from one engine to the other, each compared: what is read there afterwards is what was read here."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json
from sqlalchemy import JSON, Table, Text, bindparam, cast, func, insert, inspect, select, text, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import TABLE
from klaster_shared.database import Database

AT_ONCE = 1_000  # rows read and written: some megabytes of the longest
SECONDS = 3600
_NOT_ROWS = ("alembic_version", "sqlite_", "search_fts")  # what each engine has for itself


class Unlike(Exception):  # noqa: N818 - a sentence for the operator
    """What is on the one side cannot be brought, or was not, to the other."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows, and the sum of their digests, which asks for no order."""

    rows: int = 0
    digest: int = 0


Sums = Mapping[str, Sum]


async def copy_rows(source: Database, target: Database, tables: Sequence[Table]) -> tuple[Sums, bool]:
    """Copy all rows in one transaction, and compare before it is committed; whether they were there before.

    Raises Unlike where the target holds other rows, the source others than these tables', or one arrived differently.
    """
    async with source.snapshot(seconds=SECONDS) as reading, target.write() as writing:
        await _refuse_unknown(reading, tables)
        await writing.execute(text("SET LOCAL statement_timeout = 0"))
        await writing.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if await _is_used(writing, tables):
            sums = await sums_of(reading, tables)
            _compare(sums, await sums_of(writing, tables), "the server holds another stack already")
            return sums, True
        try:
            sums = await _copy(reading, writing, tables)
        except SQLAlchemyError as error:
            raise Unlike(f"the server does not take a row: {_sentence(error)}") from error
        _compare(sums, await sums_of(writing, tables), "what arrived is not what was sent")
        return sums, False


async def sums_of(session: AsyncSession, tables: Sequence[Table]) -> Sums:
    """What lies in the tables."""
    found = {}
    for table in tables:
        found[table.name] = Sum()
        async for rows in _read(session, table):
            found[table.name] = _add(found[table.name], rows)
    return found


def _compare(sent: Sums, arrived: Sums, sentence: str) -> None:
    unlike = [
        f"{name} ({one.rows:,} rows, {arrived[name].rows:,} there)"
        for name, one in sent.items()
        if arrived[name] != one
    ]
    if unlike:
        raise Unlike(f"{sentence}: {', '.join(unlike[:5])}")


async def _refuse_unknown(session: AsyncSession, tables: Sequence[Table]) -> None:
    """Tables that nobody knows would stay behind in silence."""
    found = await (await session.connection()).run_sync(lambda sync: inspect(sync).get_table_names())
    known = {table.name for table in tables}
    if unknown := [name for name in found if name not in known and not name.startswith(_NOT_ROWS)]:
        raise Unlike(f"this release knows no table {', '.join(unknown)}")


async def _is_used(session: AsyncSession, tables: Sequence[Table]) -> bool:
    """Whether anybody ever wrote to it: what migrations put in is not in the log of changes."""
    [log] = (table for table in tables if table.name == TABLE)
    return bool(await session.scalar(select(func.count()).select_from(log)))


async def _copy(reading: AsyncSession, writing: AsyncSession, tables: Sequence[Table]) -> Sums:
    """Without references for as long as it takes: rows may name others of their own table that come later."""
    references = await _references(writing)
    for name, owner, _definition in references:
        await writing.execute(text(f'ALTER TABLE {owner} DROP CONSTRAINT "{name}"'))
    for table in tables:
        await writing.execute(table.delete())
    sums = {}
    for table in tables:
        sums[table.name] = Sum()
        async for rows in _read(reading, table):
            await writing.execute(_insert(table), [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])
            sums[table.name] = _add(sums[table.name], rows)
        await _continue_numbers(writing, table)
    for name, owner, definition in references:
        await writing.execute(text(f'ALTER TABLE {owner} ADD CONSTRAINT "{name}" {definition}'))
    await writing.execute(text("ANALYZE"))  # the first questions are not to wait for the server to look by itself
    return sums


async def _read(session: AsyncSession, table: Table) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """Documents as the text that they are stored as: read and written anew, one might say the same differently."""
    columns = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns]
    found = await session.stream(select(*columns).execution_options(yield_per=AT_ONCE))
    async for rows in found.partitions():
        yield rows


def _insert(table: Table) -> Any:
    names = table.columns.keys()
    documents = {
        column.name: cast(type_coerce(bindparam(column.key, type_=Text), Text), column.type)
        for column in table.columns
        if isinstance(column.type, JSON)
    }
    return insert(table).values({**{key: bindparam(key) for key in names}, **documents})


def _add(so_far: Sum, rows: Sequence[Sequence[Any]]) -> Sum:
    digest = so_far.digest
    for row in rows:
        told = to_json(list(row), bytes_mode="base64", inf_nan_mode="strings")
        digest += int.from_bytes(hashlib.blake2b(told, digest_size=16).digest())
    return Sum(so_far.rows + len(rows), digest % 2**128)


async def _references(session: AsyncSession) -> Sequence[tuple[str, str, str]]:
    found = await session.execute(
        text(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
    )
    return [(name, owner, definition) for name, owner, definition in found]


async def _continue_numbers(session: AsyncSession, table: Table) -> None:
    """Numbers that the server hands out go on behind those that came along."""
    for column in table.primary_key.columns:
        sequence = await session.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
        )
        if sequence:
            last = await session.scalar(select(func.max(column)))
            await session.execute(select(func.setval(sequence, last or 1, last is not None)))


def _sentence(error: SQLAlchemyError) -> str:
    """What the server says, without what the row says, which may be personal."""
    said = getattr(error, "orig", None) or error
    return str(getattr(said, "__cause__", None) or said).splitlines()[0]
