"""From a strategy document to the rows that define its indicators; pure, the identities are handed in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from klaster_indicators.database import Base
from klaster_indicators.document import values
from klaster_indicators.document.framework import EffectIndicator, Goal
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.document.targets import ResolvedTarget, bounded, number_of_baseline, resolve_target
from klaster_indicators.indicators.models import (
    Baseline,
    IndicatorDefinition,
    IndicatorEffect,
    MeasureDefinition,
    Target,
)
from klaster_shared.identifiers import new_id
from klaster_shared.text import fold

Identify = Callable[[str, str | None], UUID]
"""The identity of an indicator (code, None) or of one of its measures (code, measure)."""


@dataclass(frozen=True, slots=True)
class Years:
    """The years that an edition's columns mean, and the days by which it and those before it were printed."""

    effect: int
    programme: int
    target: int
    printed: Sequence[date]

    def baseline_day(self, year: int) -> date:
        """The end of the year; but what was printed on a day of that year cannot be of a later one."""
        return next((day for day in self.printed if day.year == year), date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class Placed:
    """An indicator of the document with its place in the framework."""

    position: int
    level: str
    path: int
    programme: str | None
    effects: Sequence[str]
    item: EffectIndicator | Goal
    baseline_year: int


def years_of(document: StrategyDocument) -> Years:
    """The years that the document's columns mean."""
    edition = document.edition
    printed = sorted({*(edition.collected_on or ()), *([edition.adopted] if edition.adopted else ())})
    return Years(edition.baseline_year_effect, edition.baseline_year_programme, edition.target_year, printed)


def placed(document: StrategyDocument) -> Iterator[Placed]:
    """Every indicator of the document: those of effects (level B), then the goals of programmes (level C)."""
    years = years_of(document)
    path_of = {effect.code: effect.path for effect in document.effects}
    position = 0
    for indicator in document.effect_indicators:
        path = path_of[indicator.effects[0]]
        yield Placed(position, "B", path, None, indicator.effects, indicator, years.effect)
        position += 1
    for programme in document.programmes:
        for goal in programme.goals:
            yield Placed(position, "C", programme.path, programme.code, (), goal, years.programme)
            position += 1


def rows_of(document: StrategyDocument, *, edition_id: UUID, identify: Identify) -> Iterator[list[Base]]:
    """The rows that define the indicators, table after table: each only refers to those before it."""
    years = years_of(document)
    definitions = [(place, _definition(place, edition_id, identify)) for place in placed(document)]
    yield [definition for _, definition in definitions]
    yield [
        IndicatorEffect(definition_id=definition.id, effect=effect, position=position)
        for place, definition in definitions
        for position, effect in enumerate(place.effects)
    ]
    measures = [
        (place, measure, _measure(place, position, measure, definition.id, identify))
        for place, definition in definitions
        for position, measure in enumerate(place.item.measures)
    ]
    yield [row for _, _, row in measures]
    yield [_baseline(place, measure, row.id, years) for place, measure, row in measures]
    yield [target for place, measure, row in measures for target in _targets(place, measure, row.id, years)]


def _definition(place: Placed, edition_id: UUID, identify: Identify) -> IndicatorDefinition:
    item = place.item
    printed = item.printed if isinstance(item, Goal) else None
    return IndicatorDefinition(
        id=new_id(),
        edition_id=edition_id,
        indicator_id=identify(item.code, None),
        position=place.position,
        level=place.level,
        path=place.path,
        programme=place.programme,
        name_pl=item.name.pl,
        name_en=item.name.en,
        printed_baseline=printed.baseline if printed else None,
        printed_target=printed.target if printed else None,
        printed_note=printed.note if printed else None,
        source=item.source,
        note=item.note,
        ambiguous=item.ambiguous,
        links=item.links,
        evidence=_facts(item.evidence),
        context=_facts(item.context),
        search_text=fold(f"{item.code} {item.name.pl} {item.name.en}"),
    )


def _facts(parts: Sequence[Any] | None) -> list[Any] | None:
    return None if parts is None else [part.model_dump(mode="json", exclude_unset=True) for part in parts]


def _measure(
    place: Placed, position: int, measure: values.Measure, definition_id: UUID, identify: Identify
) -> MeasureDefinition:
    return MeasureDefinition(
        id=new_id(),
        definition_id=definition_id,
        measure_id=identify(place.item.code, measure.code),
        position=position,
        unit=measure.unit,
        period=measure.period,
        direction=measure.direction,
        # A figure named on the indicator itself is its first measure's.
        live=measure.live or (place.item.live if position == 0 else None),
        scope=measure.scope,
        rule=measure.rule,
        sig=measure.sig,
        assessed=measure.assessed,
        ambiguous=measure.ambiguous,
        note=measure.note,
    )


def _baseline(place: Placed, measure: values.Measure, measure_definition_id: UUID, years: Years) -> Baseline:
    stated = measure.baseline
    year = stated.year or place.baseline_year
    return Baseline(
        measure_definition_id=measure_definition_id,
        value=stated.value,
        status=stated.status,
        printed=stated.printed,
        approximate=stated.approximate,
        ambiguous=stated.ambiguous,
        year=year,
        since=stated.since,
        period=stated.period or measure.period,
        of_day=years.baseline_day(year),
        by=_numbers(stated.by),
        by_year=_numbers(stated.by_year),
        note=stated.note,
    )


def _numbers(breakdown: dict[str, Decimal] | None) -> dict[str, Any] | None:
    if breakdown is None:
        return None
    return {name: int(value) if value == int(value) else float(value) for name, value in breakdown.items()}


def _targets(place: Placed, measure: values.Measure, measure_definition_id: UUID, years: Years) -> Iterator[Target]:
    """The target, behind those of the years before it."""
    stated = measure.target
    if stated is None:
        return
    for year, value in sorted((stated.by_year or {}).items()):
        yield Target(
            measure_definition_id=measure_definition_id,
            year=int(year),
            of_day=date(int(year), 12, 31),
            value=value,
            resolves_to=value,
            how=bounded("as stated", stated.bound),
            bound=stated.bound,
        )
    resolved = resolved_target(place, measure, stated, years)
    yield Target(
        measure_definition_id=measure_definition_id,
        year=years.target,
        of_day=date(years.target, 12, 31),
        value=stated.value,
        change_percent=stated.change_percent,
        growth_percent_per_year=stated.growth_percent_per_year,
        sum_of=stated.sum_of,
        resolves_to=resolved.value,
        how=bounded(resolved.how, stated.bound),
        bound=stated.bound,
    )


def resolved_target(place: Placed, measure: values.Measure, stated: values.Target, years: Years) -> ResolvedTarget:
    """The number that a target means in its place, and how."""
    return resolve_target(
        value=stated.value,
        change_percent=stated.change_percent,
        growth_percent_per_year=stated.growth_percent_per_year,
        parts=_parts(place, stated),
        baseline=number_of_baseline(measure.baseline.value, measure.baseline.status),
        years=years.target - (measure.baseline.year or place.baseline_year),
    )


def _parts(place: Placed, stated: values.Target) -> dict[str, Decimal | None] | None:
    if stated.sum_of is None:
        return None
    targets = {measure.code: measure.target for measure in place.item.measures}
    return {code: part.value if (part := targets[code]) else None for code in stated.sum_of}
