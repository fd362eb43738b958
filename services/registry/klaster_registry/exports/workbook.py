"""A spreadsheet written as it goes: rows become compressed bytes at once, and neither memory nor disk holds a sheet.

XlsxWriter keeps each sheet in a temporary file until the end; 36,000 organisations would not fit into the small
temporary folder that a service has, nor a million anywhere. Texts stand in their cells, so that there is no table of
shared ones to keep either.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from klaster_registry.entities.lines import Column
from klaster_registry.formulas import harmless

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 500_000  # of a sheet; further ones go to the next, and no part of the package passes two GiB
MOST_TEXT = 32_767  # characters of a cell, which is the format's own bound
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_STYLES = {"head": 1, "instant": 2, "day": 3}
_WIDTHS = {"text": 24, "number": 12, "flag": 8, "instant": 20, "day": 12}


class _Pipe:
    """What the package writes and nobody has taken yet: a file that only goes forward."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


class Workbook:
    """One workbook; each call gives the bytes of the file that come next."""

    def __init__(self, *, most_rows: int = MOST_ROWS) -> None:
        self.title = ""
        self._most_rows = most_rows
        self._pipe = _Pipe()
        self._package = ZipFile(self._pipe, "w", ZIP_DEFLATED, compresslevel=1)  # type: ignore[call-overload]
        self._sheets: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._columns: Sequence[Column] = ()
        self._letters: Sequence[str] = ()
        self._name, self._row = "", 0

    def begin_sheet(self, name: str, columns: Sequence[Column]) -> bytes:
        """A sheet whose first row stays in sight."""
        self._end_sheet()
        self._name, self._columns = name, columns
        self._letters = [_letters(number) for number in range(len(columns))]
        self._open(name)
        return self._pipe.take()

    def add(self, records: Sequence[Mapping[str, Any]]) -> bytes:
        """Rows of the sheet that was begun."""
        if self._row - 1 + len(records) > self._most_rows:
            self._end_sheet()
            self._open(f"{self._name} {len(self._sheets) + 1}")
        self._write("".join(self._row_of([column.read(record) for column in self._columns]) for record in records))
        return self._pipe.take()

    def end(self) -> bytes:
        """The parts that name all others, and the end of the file."""
        self._end_sheet()
        for name, content in _parts(self._sheets, self.title).items():
            self._package.writestr(name, _HEAD + content)
        self._package.close()
        return self._pipe.take()

    def _open(self, name: str) -> None:
        self._sheets.append(name)
        self._sheet = self._package.open(f"xl/worksheets/sheet{len(self._sheets)}.xml", "w")
        self._row = 0
        widths = "".join(
            f'<col min="{number}" max="{number}" width="{_WIDTHS[column.kind]}" customWidth="1"/>'
            for number, column in enumerate(self._columns, start=1)
        )
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        self._write(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView>'
            f"</sheetViews><cols>{widths}</cols><sheetData>"
        )
        self._row += 1
        names = "".join(
            _text(f"{letters}1", column.name, "head")
            for letters, column in zip(self._letters, self._columns, strict=True)
        )
        self._write(f'<row r="1">{names}</row>')

    def _row_of(self, values: Sequence[Any]) -> str:
        self._row += 1
        cells = "".join(
            _cell(f"{letters}{self._row}", value, column.kind)
            for letters, value, column in zip(self._letters, values, self._columns, strict=True)
            if value is not None
        )
        return f'<row r="{self._row}">{cells}</row>'

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._write("</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def _write(self, text: str) -> None:
        assert self._sheet is not None, "no sheet was begun"
        self._sheet.write(text.encode())


def _cell(place: str, value: Any, kind: str) -> str:
    if kind == "number":
        return f'<c r="{place}"><v>{value}</v></c>'
    if kind == "flag":
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if kind in _STYLES and (days := _days(value)) is not None:
        return f'<c r="{place}" s="{_STYLES[kind]}"><v>{days}</v></c>'
    return _text(place, harmless(str(value)))


def _text(place: str, text: str, style: str | None = None) -> str:
    styled = f' s="{_STYLES[style]}"' if style else ""
    shown = escape(_NOT_XML.sub("", text[:MOST_TEXT]))
    return f'<c r="{place}" t="inlineStr"{styled}><is><t xml:space="preserve">{shown}</t></is></c>'


def _days(value: Any) -> float | None:
    """Days since the epoch of spreadsheets, whose calendar begins in 1900; earlier ones stay texts."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC) if isinstance(moment, date) else None
    if moment is None or moment.year < 1901:
        return None
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return round(since.total_seconds() / 86_400, 8)


def _letters(number: int) -> str:
    above, own = divmod(number, 26)
    return (_letters(above - 1) if above else "") + chr(ord("A") + own)


def _parts(sheets: Sequence[str], title: str) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    named = "".join(
        f'<sheet name="{escape(name[:31])}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    relations = "".join(_relation(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/styles.xml": _STYLE_SHEET,
        "xl/_rels/workbook.xml.rels": _relations(relations + _relation(len(sheets) + 1, "styles", "styles.xml")),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>',
        "_rels/.rels": _relations(
            _relation(1, "officeDocument", "xl/workbook.xml")
            + f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/>'
        ),
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{overrides}</Types>',
    }


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _relations(inside: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


_STYLE_SHEET = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
