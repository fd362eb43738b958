"""A file as a table: CSV of any dialect that offices write, or the sheets of a spreadsheet."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal, Protocol

from klaster_shared.errors import Malformed, TooLarge, UnsupportedMediaType

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
Media = Literal["csv", "xlsx"]


class SheetReader(Protocol):
    """Reads a spreadsheet somewhere else."""

    async def ask(self, question: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table is about.

    fields_of   which field stands in which column of a header; raises Invalid for names that nobody knows
    is_table    whether a sheet with this header is such a table at all
    most_rows   of one file: it is stored in one transaction
    """

    fields_of: Callable[[Sequence[str]], Mapping[str, int]]
    is_table: Callable[[Sequence[str]], bool]
    most_rows: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as it stands in the file: its number as a spreadsheet shows it, and its texts by field."""

    sheet: str | None
    number: int
    cells: dict[str, str]


def media_of(content_type: str | None) -> Media:
    """What kind of file it is; raises UnsupportedMediaType."""
    media = (content_type or "").partition(";")[0].strip().lower()
    if media == CSV:
        return "csv"
    if media == XLSX:
        return "xlsx"
    raise UnsupportedMediaType(f"Send a table as {CSV} or {XLSX}")


async def read_table(content: bytes, media: Media, *, reader: SheetReader, layout: Layout) -> list[TableRow]:
    """The rows of a file, empty ones left out.

    Raises Malformed for what is no table, Invalid for a header that cannot be read, TooLarge for too many rows.
    """
    if media == "csv":
        sheets: list[tuple[str | None, Sequence[Sequence[str]]]] = [(None, _csv_rows(content))]
    else:
        sheets = await _sheets(content, reader, layout)
    rows = [row for name, lines in sheets for row in _rows_of(name, lines, layout)]
    if len(rows) > layout.most_rows:
        raise TooLarge(f"More than {layout.most_rows} rows: send them in parts")
    return rows


def _csv_rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Malformed(f"The table cannot be read: {error}") from error


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise Malformed("A text with NUL characters is no table")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets of Polish offices still write as "CSV".
        return content.decode("cp1250", errors="replace")


async def _sheets(
    content: bytes, reader: SheetReader, layout: Layout
) -> list[tuple[str | None, Sequence[Sequence[str]]]]:
    found = json.loads(await reader.ask(content))
    if "refused" in found:
        raise Malformed(found["refused"])
    sheets = [(sheet["name"], sheet["rows"]) for sheet in found["sheets"] if sheet["rows"]]
    tables = [(name, rows) for name, rows in sheets if layout.is_table(rows[0])]
    return tables or sheets[:1]  # none of them: the first one says what its header lacks


def _rows_of(sheet: str | None, lines: Sequence[Sequence[str]], layout: Layout) -> Iterator[TableRow]:
    fields = layout.fields_of(lines[0] if lines else [])
    for number, line in enumerate(lines[1:], start=2):
        cells = {field: _plain(line[column]) for field, column in fields.items() if column < len(line)}
        if any(text.strip() for text in line):
            yield TableRow(sheet, number, {field: text for field, text in cells.items() if text})


def _plain(text: str) -> str:
    """Without the mark that keeps spreadsheets from reading a text as a formula."""
    trimmed = text.strip()
    return trimmed[1:] if trimmed[:1] == "'" and trimmed[1:2] in {"=", "+", "-", "@"} else trimmed
