"""From a time line to the picture of it, with its alt text."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from klaster_indicators.charts import words
from klaster_indicators.charts.picture import Kind, Mark, Picture
from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.languages import OneLanguage
from klaster_indicators.numbers import number_text
from klaster_indicators.series.line import StraightLine
from klaster_indicators.series.operations import Series
from klaster_indicators.units.operations import UnitNames, name_of


def picture_of(series: Series, *, units: UnitNames, language: OneLanguage, width: int, height: int) -> Picture:
    """What the chart of a time line shows."""
    indicator, definition = series.indicator.definition, series.measure.definition
    name = indicator.name_pl if language == "pl" else indicator.name_en
    baseline, target = _baseline(series, language), _target(series, language)
    observations = [_mark(row, series, language) for row in series.observations if _number(row) is not None]
    nothing = None if baseline or target or observations else words.NOTHING[language]
    return Picture(
        language=language,
        width=width,
        height=height,
        title=name,
        subtitle=f"{indicator.code} · {definition.code}",
        description=" ".join(
            [*_unit(series, units, language), *_sentences(series, baseline, target, observations, language)]
        ),
        axis=name_of(units, definition.unit, language),
        nothing=nothing,
        baseline=baseline,
        target=target,
        interim=[_aim(row, language) for row in series.measure.interim],
        joined=isinstance(series.line, StraightLine),
        observations=observations,
        legend={name: label[language] for name, label in words.LEGEND.items()},
    )


def _number(row: Any) -> Decimal | None:
    return number_of_baseline(row.value, row.status)


def _baseline(series: Series, language: OneLanguage) -> Mark | None:
    row = series.measure.baseline
    value = number_of_baseline(row.value, row.status)
    if value is None:
        return None
    kind: Kind = "exact" if row.period == series.measure.definition.period else "other"
    text = number_text(value, language, approximate=row.approximate)
    return Mark(on=row.of_day, value=float(value), label=text, kind=kind)


def _target(series: Series, language: OneLanguage) -> Mark | None:
    row = series.measure.target
    if row is None or row.resolves_to is None:
        return None
    return _aim(row, language)


def _aim(row: Any, language: OneLanguage) -> Mark:
    return Mark(on=row.of_day, value=float(row.resolves_to), label=number_text(row.resolves_to, language))


def _mark(row: Any, series: Series, language: OneLanguage) -> Mark:
    value = _number(row)
    assert value is not None
    text = number_text(value, language, approximate=row.approximate)
    return Mark(on=row.ends_on, value=float(value), label=text, kind=_kind(row, series.measure.definition))


def _kind(row: Any, definition: Any) -> Kind:
    if (row.period, row.unit) != (definition.period, definition.unit):
        return "other"
    if not row.complete:
        return "running"
    return "approximate" if row.approximate else "exact"


def _unit(series: Series, units: UnitNames, language: OneLanguage) -> Iterator[str]:
    yield words.UNIT[language].format(unit=name_of(units, series.measure.definition.unit, language))


def _sentences(
    series: Series,
    baseline: Mark | None,
    target: Mark | None,
    observations: Sequence[Mark],
    language: OneLanguage,
) -> Iterator[str]:
    yield _said(words.BASELINE, words.NO_BASELINE, baseline, language)
    yield _said(words.TARGET, words.NO_TARGET, target, language)
    if series.measure.interim:
        marks = [_aim(row, language) for row in series.measure.interim]
        listed = ", ".join(f"{mark.label} ({mark.on.isoformat()})" for mark in marks)
        yield words.INTERIM[language].format(listed=listed)
    if not observations:
        yield words.NO_OBSERVATIONS[language]
        return
    first, last = observations[0], observations[-1]
    yield words.OBSERVATIONS[language].format(
        count=len(observations),
        first=first.label,
        first_on=first.on.isoformat(),
        last=last.label,
        last_on=last.on.isoformat(),
    )


def _said(one: dict[str, str], none: dict[str, str], mark: Mark | None, language: OneLanguage) -> str:
    if mark is None:
        return none[language]
    return one[language].format(value=mark.label, on=mark.on.isoformat())
