"""What the spreadsheet process is told: a sheet of progress, a sheet per path with its chart."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from klaster_indicators.exports.operations import Exported, MeasureHistory, number_of
from klaster_indicators.exports.tables import COLUMNS, Column, rows_of
from klaster_indicators.languages import OneLanguage
from klaster_indicators.scorecard import names
from klaster_indicators.scorecard.operations import Score, Scorecard
from klaster_shared.errors import Invalid

MOST_ROWS = 20_000  # of all sheets together; more than that is read by machines, which have CSV
_PROGRESS = {"pl": "Postęp", "en": "Progress"}
_PATH = {"pl": "Ścieżka", "en": "Path"}
_CHART = {"pl": "Postęp ku celom: ścieżka {number}", "en": "Progress towards targets: path {number}"}
_CHART_WORDS = {
    "pl": "Słupki: postęp każdej miary, dla której jest liczbą, w procentach",
    "en": "Bars: the progress of each measure for which it is a number, in percent",
}
_PROGRESS_COLUMNS = (
    Column("Miara", "Measure", width=32),
    Column("Ścieżka", "Path", "year", 8),
    Column("Nazwa", "Name", width=60),
    Column("Jednostka", "Unit"),
    Column("Wartość bazowa", "Baseline", "number", 16),
    Column("Cel", "Target", "number", 16),
    Column("Ostatnia wartość", "Latest value", "number", 16),
    Column("Z dnia", "Of", "day"),
    Column("Postęp", "Progress", "percent"),
    Column("Metoda", "Method", width=40),
    Column("Status", "Status", width=24),
)
_LABELS, _VALUES = 0, 8


async def workbook_of(
    exported: Exported,
    measures: AsyncIterator[MeasureHistory],
    scorecard: Scorecard,
    *,
    language: OneLanguage,
    now: datetime,
) -> bytes:
    """The question to the spreadsheet process; raises Invalid where there are more rows than a person reads."""
    edition = exported.framework.edition
    progress, spans = _progress(scorecard, language)
    rows: dict[int, list[Sequence[Any]]] = {}
    count = 0
    async for history in measures:
        own = rows.setdefault(history.indicator.definition.path, [])
        own += rows_of(exported, history, language)
        count += max(1, len(history.observations))
        if count > MOST_ROWS:
            raise Invalid.field(
                "query/format", "too_many_rows", f"More than {MOST_ROWS} rows: ask for one path, or for csv"
            )
    sheets = [progress, *(_sheet(number, own, spans, language) for number, own in sorted(rows.items()))]
    title = edition.title_pl if language == "pl" else edition.title_en
    told = {"title": title, "created": now.replace(tzinfo=None).isoformat(), "sheets": sheets}
    return json.dumps(told, default=_plain, ensure_ascii=False).encode()


def _progress(scorecard: Scorecard, language: OneLanguage) -> tuple[dict[str, Any], dict[int, tuple[int, int]]]:
    """The sheet of progress, and of each path the rows whose progress is a number: they stand first."""
    scores = sorted(scorecard.scores, key=_place)
    spans: dict[int, tuple[int, int]] = {}
    for row, score in enumerate(scores, start=1):
        if score.assessment.progress is not None:
            path = score.indicator.definition.path
            spans[path] = (spans.get(path, (row, row))[0], row)
    sheet = {
        "name": _PROGRESS[language],
        "frozen_columns": 1,
        "columns": _columns(_PROGRESS_COLUMNS, language),
        "rows": [_progress_row(score, language) for score in scores],
    }
    return sheet, spans


def _place(score: Score) -> tuple[int, bool, int]:
    definition = score.indicator.definition
    return definition.path, score.assessment.progress is None, definition.position


def _progress_row(score: Score, language: OneLanguage) -> Sequence[Any]:
    indicator, measure, assessment = score.indicator.definition, score.measure, score.assessment
    method = names.METHODS.get(assessment.method) if assessment.method else None
    return (
        f"{indicator.code} {measure.definition.code}",
        indicator.path,
        indicator.name_pl if language == "pl" else indicator.name_en,
        measure.definition.unit,
        number_of(measure.baseline),
        score.target.resolves_to if score.target is not None else None,
        number_of(score.latest) if score.latest is not None else None,
        score.latest.ends_on if score.latest is not None else None,
        assessment.progress,
        getattr(method, language) if method else None,
        getattr(names.STATUSES[assessment.status], language),
    )


def _sheet(
    number: int, rows: list[Sequence[Any]], spans: dict[int, tuple[int, int]], language: OneLanguage
) -> dict[str, Any]:
    sheet: dict[str, Any] = {
        "name": f"{_PATH[language]} {number}",
        "frozen_columns": 0,
        "columns": _columns(COLUMNS, language),
        "rows": rows,
    }
    if number in spans:
        first, last = spans[number]
        chart = {"sheet": _PROGRESS[language], "first": first, "last": last, "labels": _LABELS, "values": _VALUES}
        chart |= {"name": _CHART[language].format(number=number), "description": _CHART_WORDS[language]}
        sheet["charts"] = [chart | {"row": len(rows) + 2}]
    return sheet


def _columns(columns: Sequence[Column], language: OneLanguage) -> list[dict[str, Any]]:
    return [{"name": column.name(language), "kind": column.kind, "width": column.width} for column in columns]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)  # cells hold no others
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    raise TypeError(type(value).__name__)
