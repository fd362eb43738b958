"""The reading process: the only place that opens spreadsheets, which may be anything that somebody sends."""

import json
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from klaster_shared.children.serving import serve

MEMORY = 512 << 20  # address space
IDLE = 20.0
MOST_UNPACKED = 64 << 20  # bytes; a table of two thousand rows unpacks to one or two MiB
MOST_PARTS = 500
MOST_ROWS = 20_000  # cells of one sheet are looked at up to here; the service takes fewer


def read(content: bytes) -> dict[str, Any]:
    """The sheets as rows of texts, or why they are refused."""
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            return {"refused": "It unpacks to more than a table needs"}
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [{"name": name, "rows": _rows(book, name)} for name in book.sheet_names]
    except (BadZipFile, CalamineError, NotImplementedError, ValueError) as error:
        return {"refused": f"It is no spreadsheet that can be read: {error}"}
    return {"sheets": sheets}


def _rows(book: CalamineWorkbook, name: str) -> list[list[str]]:
    rows = book.get_sheet_by_name(name).iter_rows()
    return [[_text(cell) for cell in row] for row, _ in zip(rows, range(MOST_ROWS), strict=False)]


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _answer(question: bytes) -> bytes:
    return json.dumps(read(question), ensure_ascii=False).encode()


if __name__ == "__main__":
    serve(_answer, memory=MEMORY, idle=IDLE)
