"""The spreadsheet process: the only place that loads XlsxWriter. Row after row goes to disk, none is kept."""

import json
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from klaster_shared.children.serving import serve

MEMORY = 1 << 30  # address space
IDLE = 20.0
# Nothing that somebody typed becomes a formula or a link.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS: dict[str, dict[str, Any]] = {
    "number": {"num_format": "#,##0.##########"},
    "percent": {"num_format": "0.0%"},
    "year": {"num_format": "0"},
    "day": {"num_format": "yyyy-mm-dd"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm"},
    "text": {"text_wrap": False},
    "flag": {},
}
_WHOLE = {"num_format": "#,##0"}


def write(told: dict[str, Any]) -> bytes:
    """A workbook of sheets, each with a header that stays in sight, typed cells, and its charts."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": told["title"], "created": datetime.fromisoformat(told["created"])})
        formats = {kind: book.add_format({"valign": "top", **how}) for kind, how in _FORMATS.items()}
        formats["whole"] = book.add_format({"valign": "top", **_WHOLE})
        formats["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for sheet in told["sheets"]:
            _write_sheet(book, sheet, formats)
    return buffer.getvalue()


def _write_sheet(book: Workbook, told: dict[str, Any], formats: dict[str, Format]) -> None:
    sheet = book.add_worksheet(told["name"])
    sheet.freeze_panes(1, told["frozen_columns"])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, column in enumerate(told["columns"]):
        sheet.set_column(number, number, column["width"])
        sheet.write_string(0, number, column["name"], formats["head"])
    for row, cells in enumerate(told["rows"], start=1):
        for number, (value, column) in enumerate(zip(cells, told["columns"], strict=True)):
            _write_cell(sheet, row, number, value, column["kind"], formats)
    if told["rows"]:
        sheet.autofilter(0, 0, len(told["rows"]), len(told["columns"]) - 1)
    for chart in told.get("charts", ()):
        _add_chart(book, sheet, chart)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, kind: str, formats: dict[str, Format]) -> None:
    if value is None:
        return
    if kind in {"number", "percent", "year"}:
        whole = kind == "number" and float(value).is_integer()
        sheet.write_number(row, column, float(value), formats["whole" if whole else kind])
    elif kind == "day":
        sheet.write_datetime(row, column, date.fromisoformat(value), formats[kind])
    elif kind == "instant":
        sheet.write_datetime(row, column, datetime.fromisoformat(value).replace(tzinfo=None), formats[kind])
    elif kind == "flag":
        sheet.write_boolean(row, column, value, formats[kind])
    else:
        sheet.write_string(row, column, str(value)[:32767], formats["text"])


def _add_chart(book: Workbook, sheet: Worksheet, told: dict[str, Any]) -> None:
    """Bars, one for each measure whose progress is a number: shares of ways, never values of different units."""
    chart = book.add_chart({"type": "bar"})
    first, last, source = told["first"], told["last"], told["sheet"]
    chart.add_series(
        {
            "name": told["name"],
            "categories": [source, first, told["labels"], last, told["labels"]],
            "values": [source, first, told["values"], last, told["values"]],
            "data_labels": {"value": True, "num_format": "0%"},
            "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#333333", "bg_color": "#FFFFFF"},
            "border": {"color": "#333333"},
        }
    )
    chart.set_title({"name": told["name"]})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_format": "0%", "min": 0})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 760, "height": 140 + 34 * (last - first + 1)})
    place = {"description": told["description"], "object_position": 2}
    sheet.insert_chart(told["row"], 1, chart, place)


def _answer(question: bytes) -> bytes:
    return write(json.loads(question))


if __name__ == "__main__":
    serve(_answer, memory=MEMORY, idle=IDLE)
