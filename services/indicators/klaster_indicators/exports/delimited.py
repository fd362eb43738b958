"""CSV (RFC 4180) and SDMX-CSV 2.0, a measure at a time."""

import csv
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any, TypeVar

from klaster_indicators.document.targets import plain
from klaster_indicators.exports.operations import Exported, MeasureHistory, number_of
from klaster_indicators.exports.tables import COLUMNS, harmless, measure_cells, value_cells
from klaster_indicators.languages import OneLanguage

SDMX_DATAFLOW = "KLASTER:STRATEGY_INDICATORS(1.0)"
SDMX_COLUMNS = (
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "EDITION",
    "INDICATOR",
    "MEASURE",
    "VALUE_KIND",  # B baseline, T target, O observation
    "PERIOD_KIND",  # point, year, window_3y, cumulative
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",  # CL_OBS_STATUS: A normal, E estimated, P provisional, O missing, L missing and not collected
    "UNIT_MEASURE",
    "LEVEL",
    "PATH",
    "PROGRAMME",
    "COMMENT_OBS",
)
_Row = TypeVar("_Row")
_ROWS = 500
_OBS_STATUS = {"no_data": "O", "unknown": "L", "not_stated": "O", "none": "A"}


async def as_csv(
    exported: Exported, measures: AsyncIterator[MeasureHistory], language: OneLanguage
) -> AsyncIterator[bytes]:
    """A row for each value; the header in the language asked for, numbers and days as machines read them."""
    yield _lines([[column.name(language) for column in COLUMNS]])
    async for history in measures:
        described = [_cell(value) for value in measure_cells(exported, history, language)]
        for part in _parts(value_cells(history)):
            yield _lines([described + [_cell(value) for value in row] for row in part])


async def as_sdmx_csv(exported: Exported, measures: AsyncIterator[MeasureHistory]) -> AsyncIterator[bytes]:
    """Baselines, targets and observations, told apart by the dimension VALUE_KIND."""
    yield _lines([SDMX_COLUMNS])
    edition = exported.framework.edition.code
    async for history in measures:
        for part in _parts(_sdmx_rows(history)):
            yield _lines([("dataflow", SDMX_DATAFLOW, "I", edition, *row) for row in part])


def _sdmx_rows(history: MeasureHistory) -> Iterator[tuple[str, ...]]:
    indicator, definition, baseline = history.indicator.definition, history.measure.definition, history.measure.baseline
    of_what = (indicator.code, definition.code)
    whose = (indicator.level, str(indicator.path), indicator.programme or "")
    start = _first_day(baseline.period, baseline.of_day)
    yield (
        *of_what,
        "B",
        baseline.period,
        _sdmx_time(baseline.period, start, baseline.of_day),
        *_sdmx_value(history.baseline, baseline),
        definition.unit,
        *whose,
        baseline.note or "",
    )
    for aim in history.aims():
        time = _sdmx_time(definition.period, *aim.days)
        yield (
            *of_what,
            "T",
            definition.period,
            time,
            _cell(aim.value),
            "A",
            definition.unit,
            *whose,
            aim.how,
        )
    for row in history.observations:
        time = _sdmx_time(row.period, row.starts_on, row.ends_on)
        value = _sdmx_value(number_of(row), row)
        yield (*of_what, "O", row.period, time, *value, row.unit, *whose, row.note or "")


def _sdmx_value(value: Decimal | None, row: Any) -> tuple[str, str]:
    if value is None:
        return "", _OBS_STATUS.get(row.status, "O")
    if not getattr(row, "complete", True):
        return _cell(value), "P"
    return _cell(value), "E" if row.approximate else "A"


def _first_day(period: str, end: date) -> date:
    years = {"year": 1, "window_3y": 3}.get(period)
    return end if years is None else date(end.year - years + 1, 1, 1)


def _sdmx_time(period: str, start: date, end: date) -> str:
    """A day, a Gregorian year, or a time range: its first day and its length."""
    if period == "year":
        return str(end.year)
    if period == "window_3y":
        return f"{start.isoformat()}/P3Y"
    if period == "cumulative" and start < end:
        return f"{start.isoformat()}/P{(end - start).days + 1}D"
    return end.isoformat()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else str(value)  # days and years


def _parts(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """Portions that are soon written: others are answered between them."""
    while part := list(islice(rows, _ROWS)):
        yield part


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
