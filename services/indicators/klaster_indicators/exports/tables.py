"""Observations as a table that people read: the columns of CSV and spreadsheet, and a row for each value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from klaster_indicators.document.reckoning import said
from klaster_indicators.exports.operations import Exported, MeasureHistory, number_of
from klaster_indicators.languages import OneLanguage

Kind = Literal["text", "number", "percent", "year", "day", "instant", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its names, what its cells hold, and how wide it stands in a spreadsheet."""

    pl: str
    en: str
    kind: Kind = "text"
    width: int = 12

    def name(self, language: OneLanguage) -> str:
        """The header."""
        return self.pl if language == "pl" else self.en


COLUMNS = (
    Column("Edycja", "Edition"),
    Column("Ścieżka", "Path", "year", 8),
    Column("Nazwa ścieżki", "Path name", width=26),
    Column("Poziom", "Level", width=8),
    Column("Program", "Programme", width=10),
    Column("Wskaźnik", "Indicator"),
    Column("Nazwa", "Name", width=50),
    Column("Miara", "Measure", width=22),
    Column("Jednostka", "Unit"),
    Column("Okres", "Period"),
    Column("Kierunek", "Direction"),
    Column("Wartość bazowa", "Baseline", "number", 16),
    Column("Status wartości bazowej", "Baseline status", width=14),
    Column("Rok bazowy", "Baseline year", "year", 10),
    Column("Okres wartości bazowej", "Baseline period"),
    Column("Cel", "Target", "number", 16),
    Column("Jak liczony cel", "Target reckoned", width=22),
    Column("Rok celu", "Target year", "year", 10),
    Column("Wartość", "Value", "number", 16),
    Column("Status", "Status"),
    Column("Przybliżona", "Approximate", "flag"),
    Column("Jak podaje źródło", "Printed", width=18),
    Column("Jednostka wartości", "Value unit"),
    Column("Okres wartości", "Value period"),
    Column("Od", "From", "day"),
    Column("Do", "To", "day"),
    Column("Okres zakończony", "Complete", "flag"),
    Column("Źródło", "Source", width=30),
    Column("Dowody", "Evidence", width=30),
    Column("Uwagi", "Note", width=30),
    Column("Pochodzenie", "Origin"),
    Column("Liczba na żywo", "Live figure", width=26),
    Column("Wiersze demonstracyjne", "Demonstration rows", "number"),
    Column("Zapisano", "Recorded at", "instant", 20),
    Column("Obserwacja", "Observation", width=38),
)
_NO_OBSERVATION = (None,) * 17


def rows_of(exported: Exported, history: MeasureHistory, language: OneLanguage) -> Iterator[tuple[Any, ...]]:
    """A row for each value of a measure; one without a value where it has none."""
    described = measure_cells(exported, history, language)
    for values in value_cells(history):
        yield described + values


def value_cells(history: MeasureHistory) -> Iterator[tuple[Any, ...]]:
    """What a row says of each value; once, and empty, where there is none."""
    if not history.observations:
        yield _NO_OBSERVATION
    for row in history.observations:
        yield _observed(row)


def measure_cells(exported: Exported, history: MeasureHistory, language: OneLanguage) -> tuple[Any, ...]:
    """What every row says of the measure."""
    indicator, definition = history.indicator.definition, history.measure.definition
    baseline, target = history.measure.baseline, history.measure.target
    path = next(path for path in exported.framework.paths if path.number == indicator.path)
    return (
        exported.framework.edition.code,
        path.number,
        path.name_pl if language == "pl" else path.name_en,
        indicator.level,
        indicator.programme,
        indicator.code,
        indicator.name_pl if language == "pl" else indicator.name_en,
        definition.code,
        definition.unit,
        definition.period,
        definition.direction,
        history.baseline,
        baseline.status,
        baseline.year,
        baseline.period,
        history.target,
        getattr(said(target.how), language) if target is not None else None,
        target.year if target is not None else None,
    )


def _observed(row: Any) -> tuple[Any, ...]:
    return (
        number_of(row),
        row.status,
        row.approximate,
        row.printed,
        row.unit,
        row.period,
        row.starts_on,
        row.ends_on,
        row.complete,
        row.source,
        " ".join(row.evidence or []) or None,
        row.note,
        row.origin,
        row.figure,
        row.demonstration,
        row.recorded_at,
        str(row.id),
    )


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
