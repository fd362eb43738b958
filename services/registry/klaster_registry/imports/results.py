"""The verdicts of an import as a file: a line a row, read a few hundred at a time while it is sent."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from klaster_registry.entities.lines import BETWEEN, written
from klaster_registry.imports import operations
from klaster_registry.imports.models import ImportRow
from klaster_registry.imports.schemas import ResultFormat
from klaster_shared.database import Database

COLUMNS = ("row", "verdict", "label", "entity", "changed", "duplicate_of", "because", "pointer", "reason")


def read_of(row: ImportRow) -> dict[str, Any]:
    """A verdict as it is answered with."""
    return {
        "row": row.number,
        "verdict": row.verdict,
        "label": row.label,
        "entity": row.entity_id,
        "changed": from_json(row.changed),
        "duplicate_of": from_json(row.duplicate_of),
        "errors": from_json(row.errors),
    }


async def result(database: Database, *, import_id: UUID, format: ResultFormat) -> AsyncIterator[bytes]:  # noqa: A002
    """All verdicts, in the order of the file."""
    write: Callable[[ImportRow], bytes] = _line if format == "csv" else _json
    if format == "csv":
        yield (written(COLUMNS) + "\r\n").encode()
    number = 0
    while rows := await operations.rows_behind(database, import_id=import_id, number=number):
        yield b"".join(write(row) for row in rows)
        number = rows[-1].number


def _json(row: ImportRow) -> bytes:
    return to_json(read_of(row)) + b"\n"


def _line(row: ImportRow) -> bytes:
    read = read_of(row)
    values = (
        row.number,
        row.verdict,
        row.label,
        str(row.entity_id) if row.entity_id else None,
        BETWEEN.join(read["changed"]),
        BETWEEN.join(one["entity"] for one in read["duplicate_of"]),
        BETWEEN.join(one["because"] for one in read["duplicate_of"]),
        BETWEEN.join(error["pointer"] for error in read["errors"]),
        BETWEEN.join(error["detail"] for error in read["errors"]),
    )
    return (written(values) + "\r\n").encode()
