"""The reading process of imports: the only place that opens workbooks, which may be anything that somebody sends.

The answer is one sheet as CSV: the first whose header names somebody, else the first that holds anything. What stands
in merged cells is said of each of them, as people read it.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from klaster_registry.imports.columns import guessed
from klaster_registry.imports.workbooks import READ, REFUSED
from klaster_shared.children.serving import serve

MEMORY = 1 << 30  # address space
IDLE = 20.0
MOST_UNPACKED = 400 * 2**20
MOST_PARTS = 2000
_WHOM = {"name", "id", "rbw_number"}


def read(content: bytes) -> bytes:
    """The sheet as CSV behind a `+`, or why it is refused behind a `-`."""
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            return REFUSED + b"The workbook unpacks to more than a table needs"
        if not any(part.filename == "[Content_Types].xml" for part in parts):
            return REFUSED + b"It is an archive and no workbook: unpack it first"
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except PasswordError:
        return REFUSED + b"The workbook has a password: take it off first"
    except (BadZipFile, CalamineError, NotImplementedError, ValueError) as error:
        return REFUSED + f"It is no workbook that can be read: {error}".encode()
    filled = [sheet for sheet in sheets if sheet.height]
    chosen = next((sheet for sheet in filled if _names_somebody(sheet)), filled[0] if filled else None)
    if chosen is None:
        return REFUSED + b"The workbook is empty"
    return READ + _as_csv(chosen)


def _names_somebody(sheet: CalamineSheet) -> bool:
    header = next(iter(sheet.iter_rows()), [])
    return bool(_WHOM & set(guessed([_text(cell) for cell in header])))


def _as_csv(sheet: CalamineSheet) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in _with_merged(sheet):
        # A line break inside a cell would not be one of CSV: names have none.
        writer.writerow([" ".join(_text(cell).split("\n")) for cell in row])
    return text.getvalue().encode()


def _with_merged(sheet: CalamineSheet) -> Iterator[Sequence[Any]]:
    """Rows in which each cell of a merged range says what its first one says."""
    top = sheet.start[0] if sheet.start else 0
    left = sheet.start[1] if sheet.start else 0
    ranges = sheet.merged_cell_ranges or []
    said: dict[tuple[int, int], Any] = {}
    for number, row in enumerate(sheet.iter_rows(), start=top):
        cells = list(row)
        for (first_row, first), (last_row, last) in ranges:
            if first_row <= number <= last_row:
                if number == first_row and 0 <= first - left < len(cells):
                    said[first_row, first] = cells[first - left]
                for column in range(max(first - left, 0), min(last - left + 1, len(cells))):
                    cells[column] = said.get((first_row, first), "")
        yield cells


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    serve(read, memory=MEMORY, idle=IDLE)
