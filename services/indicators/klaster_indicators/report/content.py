"""What the report says: a judged scorecard as chapters, tables and sentences in one language."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from klaster_indicators.charts.pictures import picture_of
from klaster_indicators.charts.sparkline import sparkline
from klaster_indicators.document.reckoning import said as reckoned
from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.operations import Framework
from klaster_indicators.languages import OneLanguage
from klaster_indicators.numbers import number_text, percent_text
from klaster_indicators.report.operations import Report
from klaster_indicators.report.words import SIGNS
from klaster_indicators.scorecard import names, sentences
from klaster_indicators.scorecard.operations import Score, Scorecard
from klaster_indicators.series.operations import Series, line_of
from klaster_indicators.units.operations import UnitNames, name_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with what stands under it in small print."""

    value: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure in a table."""

    code: str
    name: str
    measure: str
    first: bool
    baseline: Cell
    target: Cell
    latest: Cell
    expected: Cell
    progress: Cell
    sign: str
    status: str
    why: str
    picture: str


@dataclass(frozen=True, slots=True)
class Group:
    """An effect or a programme with its measures."""

    code: str
    name: str
    lines: Sequence[MeasureLine]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A path of the strategy."""

    number: int
    name: str
    vision: str
    counts: Sequence[tuple[str, str, int]]
    effects: Sequence[Group]
    programmes: Sequence[Group]


def chapters_of(report: Report, language: OneLanguage) -> list[Chapter]:
    """A chapter for each path, in the order of the edition."""
    chapters = _Chapters(report.scorecard, report.framework, report.histories, report.units, language)
    return [chapters.chapter(path) for path in report.framework.paths]


def said(row: Any, language: OneLanguage, column: str = "name") -> str:
    """A bilingual column of a row."""
    text: str = getattr(row, f"{column}_{language}")
    return text


@dataclass(frozen=True, slots=True)
class _Chapters:
    scorecard: Scorecard
    framework: Framework
    histories: Mapping[UUID, Sequence[Any]]
    units: UnitNames
    language: OneLanguage

    def chapter(self, path: Any) -> Chapter:
        scores = [score for score in self.scorecard.scores if score.indicator.definition.path == path.number]
        found = Counter(score.assessment.status for score in scores)
        counts = [(SIGNS[status], self._name(label), found[status]) for status, label in _STATUSES if found[status]]
        return Chapter(
            number=path.number,
            name=said(path, self.language),
            vision=said(path, self.language, "vision"),
            counts=counts,
            effects=self._groups(self.framework.effects, path, scores, lambda score: score.indicator.effects[:1]),
            programmes=self._groups(
                self.framework.programmes, path, scores, lambda score: [score.indicator.definition.programme]
            ),
        )

    def _name(self, label: Any) -> str:
        return str(getattr(label, self.language))

    def _groups(self, rows: Sequence[Any], path: Any, scores: Sequence[Score], codes: Any) -> list[Group]:
        groups = []
        for row in rows:
            own = [score for score in scores if row.code in codes(score)]
            if row.path == path.number and own:
                groups.append(Group(row.code, said(row, self.language), self._lines(own)))
        return groups

    def _lines(self, scores: Sequence[Score]) -> list[MeasureLine]:
        lines: list[MeasureLine] = []
        for score in scores:
            first = not lines or lines[-1].code != score.indicator.definition.code
            lines.append(self._line(score, first=first))
        return lines

    def _line(self, score: Score, *, first: bool) -> MeasureLine:
        indicator, definition, status = score.indicator.definition, score.measure.definition, score.assessment.status
        unit, period = name_of(self.units, definition.unit, self.language), names.PERIODS[definition.period]
        why = score.assessment.reasons.get("progress")
        return MeasureLine(
            code=indicator.code,
            name=said(indicator, self.language),
            measure=f"{definition.code} · {unit} · {self._name(period)}",
            first=first,
            baseline=self._baseline(score),
            target=self._target(score),
            latest=self._latest(score),
            expected=self._expected(score),
            progress=self._progress(score),
            sign=SIGNS[status],
            status=self._name(names.STATUSES[status]),
            why=str(sentences.reason(why, self.language)) if why is not None and status not in _CLEAR else "",
            picture=self._picture(score),
        )

    def _number(self, value: Decimal, *, approximate: bool = False) -> str:
        return number_text(value, self.language, approximate=approximate)

    def _baseline(self, score: Score) -> Cell:
        row = score.measure.baseline
        value = number_of_baseline(row.value, row.status)
        if value is None:
            return Cell(self._name(names.VALUE_STATUSES[row.status]), str(row.year))
        other = row.period != score.measure.definition.period
        below = f"{row.year}, {self._name(names.PERIODS[row.period])}" if other else str(row.year)
        return Cell(self._number(value, approximate=row.approximate), below)

    def _target(self, score: Score) -> Cell:
        row = score.target
        if row is None:
            return Cell("–")
        relative = row.value is None or row.bound is not None
        below = f"{row.year}: {getattr(reckoned(row.how), self.language)}" if relative else str(row.year)
        return Cell(self._number(row.resolves_to), below) if row.resolves_to is not None else Cell("–", below)

    def _latest(self, score: Score) -> Cell:
        row = score.latest
        value = number_of_baseline(row.value, row.status) if row is not None else None
        if row is None or value is None:
            return Cell("–")
        mark = "*" if row.demonstration else ""
        when = str(row.ends_on.year) if row.period in {"year", "window_3y"} else row.ends_on.isoformat()
        return Cell(self._number(value, approximate=row.approximate) + mark, when)

    def _expected(self, score: Score) -> Cell:
        expected = score.assessment.expected
        return Cell("–") if expected is None else Cell(self._number(expected.value), expected.on.isoformat())

    def _progress(self, score: Score) -> Cell:
        assessment = score.assessment
        if assessment.progress is not None and assessment.method is not None:
            below = "" if assessment.method == "share_of_way" else _SHORT_METHODS[assessment.method][self.language]
            return Cell(percent_text(assessment.progress, self.language), below)
        if assessment.change is not None:
            sign = "+" if assessment.change > 0 else ""
            return Cell(f"{sign}{self._number(assessment.change)}", _CHANGE[self.language])
        return Cell("–")

    def _picture(self, score: Score) -> str:
        own = self.histories.get(score.measure.definition.measure_id, ())
        line = line_of(score.measure)
        series = Series(self.framework, score.indicator, score.measure, line, own, None, None, earlier=False)
        picture = picture_of(series, units=self.units, language=self.language, width=110, height=30)
        return sparkline(picture) if own or not isinstance(line, str) else ""


_STATUSES = tuple(names.STATUSES.items())
# What needs no further word: the status and the numbers beside it say it all.
_CLEAR = {"achieved", "on_track", "at_risk", "off_track", "regressing", "missed", "no_data", "no_target"}
_SHORT_METHODS: dict[str, dict[OneLanguage, str]] = {
    "level": {"pl": "poziom", "en": "level"},
    "maintain": {"pl": "utrzymanie", "en": "kept"},
}
_CHANGE: dict[OneLanguage, str] = {"pl": "zmiana", "en": "change"}
