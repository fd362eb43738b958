"""From a time line to what goes over the wire."""

from typing import Any

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.operations import label_of
from klaster_indicators.indicators.facts import MeasureFacts
from klaster_indicators.indicators.reads import how_text
from klaster_indicators.scorecard import sentences
from klaster_indicators.scorecard.way import Point
from klaster_indicators.series.line import StraightLine
from klaster_indicators.series.operations import Series
from klaster_indicators.series.schemas import (
    ExpectedOfYear,
    MeasureSeriesRead,
    SeriesBaseline,
    SeriesIndicator,
    SeriesObservation,
    SeriesPoint,
    SeriesTarget,
)
from klaster_shared.labels import Language


def series_read(series: Series, language: Language) -> MeasureSeriesRead:
    """A time line in the language asked for."""
    indicator, definition = series.indicator.definition, series.measure.definition
    line = series.line if isinstance(series.line, StraightLine) else None
    return MeasureSeriesRead(
        indicator=SeriesIndicator(id=indicator.indicator_id, code=indicator.code, name=label_of(indicator, language)),
        measure=definition.code,
        edition=series.framework.edition.code,
        unit=definition.unit,
        period=definition.period,
        direction=definition.direction,
        assessed=definition.assessed,
        baseline=_baseline(series.measure),
        target=_target(series.measure.target, language) if series.measure.target is not None else None,
        interim=[_target(row, language) for row in series.measure.interim],
        method="straight_line" if line else None,
        reason=None if isinstance(series.line, StraightLine) else sentences.reason(series.line, language),
        line=[SeriesPoint(on=point.on, value=point.value) for point in line.points] if line else [],
        expected=[_expected(point) for point in line.year_ends() if _within(point, series)] if line else [],
        observations=[_observation(row, definition) for row in series.observations],
        earlier=series.earlier,
    )


def _within(point: Point, series: Series) -> bool:
    after = series.since is None or point.on >= series.since
    return after and (series.until is None or point.on <= series.until)


def _expected(point: Point) -> ExpectedOfYear:
    return ExpectedOfYear(year=point.on.year, on=point.on, value=point.value)


def _baseline(measure: MeasureFacts) -> SeriesBaseline:
    row = measure.baseline
    return SeriesBaseline(
        on=row.of_day,
        year=row.year,
        value=number_of_baseline(row.value, row.status),
        status=row.status,
        approximate=row.approximate,
        printed=row.printed,
        period=row.period,
        comparable=row.period == measure.definition.period,
    )


def _target(row: Any, language: Language) -> SeriesTarget:
    how = how_text(row.how, language)
    return SeriesTarget(on=row.of_day, year=row.year, value=row.resolves_to, bound=row.bound, how=how)


def _observation(row: Any, definition: Any) -> SeriesObservation:
    return SeriesObservation.model_construct(
        id=row.id,
        from_=row.starts_on,
        to=row.ends_on,
        year=row.ends_on.year,
        value=number_of_baseline(row.value, row.status),
        status=row.status,
        approximate=row.approximate,
        printed=row.printed,
        unit=row.unit,
        period=row.period,
        comparable=(row.period, row.unit) == (definition.period, definition.unit),
        complete=row.complete,
        origin=row.origin,
        source=row.source,
        demonstration=row.demonstration,
    )
