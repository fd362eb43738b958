"""From rows of indicators to what goes over the wire."""

from typing import Any

from klaster_indicators.document.reckoning import said
from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.operations import Framework, label_of
from klaster_indicators.indicators.facts import IndicatorFacts, MeasureFacts, Retired
from klaster_indicators.indicators.schemas import (
    BaselineRead,
    IndicatorRead,
    MeasureRead,
    PathReference,
    PrintedRead,
    Reference,
    RetiredRead,
    TargetRead,
)
from klaster_shared.labels import Language, label_text


def indicator_read(
    facts: IndicatorFacts, framework: Framework, language: Language, *, retired: Retired | None = None
) -> IndicatorRead:
    """An indicator with its measures, in the language asked for."""
    row = facts.definition
    return IndicatorRead(
        id=row.indicator_id,
        code=row.code,
        name=label_of(row, language),
        edition=framework.edition.code,
        level=row.level,
        path=path_reference(framework, row.path, language),
        effects=[reference(framework.effects, code, language) for code in facts.effects],
        programme=reference(framework.programmes, row.programme, language) if row.programme else None,
        measures=[measure_read(facts, measure, language) for measure in facts.measures],
        printed=_printed(row),
        source=row.source,
        links=row.links or [],
        evidence=row.evidence or [],
        context=row.context or [],
        ambiguous=row.ambiguous,
        note=row.note,
        retired=RetiredRead(edition=retired.edition, on=retired.on) if retired else None,
    )


def path_reference(framework: Framework, number: int, language: Language) -> PathReference:
    """A path by name."""
    path = next(path for path in framework.paths if path.number == number)
    return PathReference(number=path.number, code=path.code, name=label_of(path, language))


def reference(rows: Any, code: str, language: Language) -> Reference:
    """A part of the framework by name."""
    row = next(row for row in rows if row.code == code)
    return Reference(code=code, name=label_of(row, language))


def measure_read(facts: IndicatorFacts, measure: MeasureFacts, language: Language) -> MeasureRead:
    """A measure with its baseline and target."""
    row = measure.definition
    return MeasureRead(
        id=row.measure_id,
        code=row.code,
        unit=row.unit,
        period=row.period,
        direction=row.direction,
        live=row.live,
        scope=row.scope,
        rule=row.rule,
        sig=row.sig,
        assessed=row.assessed,
        ambiguous=row.ambiguous,
        note=row.note,
        baseline=baseline_read(facts, measure),
        target=target_read(facts, measure.target, language),
        interim=interim_read(facts, measure, language),
    )


def baseline_read(facts: IndicatorFacts, measure: MeasureFacts) -> BaselineRead:
    """A baseline; the cell that a goal prints for all its measures stands in where a measure prints none."""
    row = measure.baseline
    return BaselineRead(
        value=number_of_baseline(row.value, row.status),
        status=row.status,
        printed=row.printed or facts.definition.printed_baseline,
        approximate=row.approximate,
        ambiguous=row.ambiguous,
        year=row.year,
        since=row.since,
        period=row.period,
        on=row.of_day,
        by=row.by,
        by_year=row.by_year,
        source=facts.definition.source,
        note=row.note,
    )


def interim_read(facts: IndicatorFacts, measure: MeasureFacts, language: Language) -> list[TargetRead]:
    """The targets of years before the last one."""
    return [read for row in measure.interim if (read := target_read(facts, row, language)) is not None]


def target_read(facts: IndicatorFacts, row: Any | None, language: Language) -> TargetRead | None:
    """A target with what it resolves to; None where none is set."""
    if row is None:
        return None
    return TargetRead(
        value=row.value,
        change_percent=row.change_percent,
        growth_percent_per_year=row.growth_percent_per_year,
        sum_of=row.sum_of,
        resolves_to=row.resolves_to,
        bound=row.bound,
        how=how_text(row.how, language),
        printed=facts.definition.printed_target,
        year=row.year,
        on=row.of_day,
    )


def how_text(how: str, language: Language) -> str | dict[str, str]:
    """How a target comes to its number, in the language asked for."""
    label = said(how)
    return label_text(label.pl, label.en, language)


def _printed(row: Any) -> PrintedRead | None:
    if row.printed_target is None:
        return None
    return PrintedRead(baseline=row.printed_baseline, target=row.printed_target, note=row.printed_note)
