"""From a judged scorecard to what goes over the wire."""

from collections.abc import Iterator
from typing import Any

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.framework.operations import Framework, label_of
from klaster_indicators.indicators.reads import baseline_read, path_reference, target_read
from klaster_indicators.indicators.schemas import PathReference
from klaster_indicators.live.operations import FigureState
from klaster_indicators.observations.reads import definition_of
from klaster_indicators.scorecard import sentences
from klaster_indicators.scorecard.arithmetic import Reason
from klaster_indicators.scorecard.operations import Score, Scorecard
from klaster_indicators.scorecard.schemas import (
    Coverage,
    ExpectedRead,
    IndicatorReference,
    Lacking,
    MeasureScore,
    ScorecardRead,
    StaleRead,
    ValueRead,
)
from klaster_shared.labels import Label, Language


def scorecard_read(scorecard: Scorecard, language: Language) -> ScorecardRead:
    """The scorecard in the language asked for."""
    framework, scores = scorecard.framework, scorecard.scores
    paths = _paths(framework, language) if framework else {}
    return ScorecardRead(
        as_of=scorecard.as_of,
        edition=framework.edition.code if framework else None,
        items=[_measure_score(score, paths, language) for score in scores],
        counts=scorecard.counts(),
        coverage=_coverage(scorecard),
        lacking=[lack for score in scores for lack in _lacking(score, language, is_today=scorecard.is_today)],
    )


def _paths(framework: Framework, language: Language) -> dict[int, PathReference]:
    return {path.number: path_reference(framework, path.number, language) for path in framework.paths}


def _measure_score(score: Score, paths: dict[int, PathReference], language: Language) -> MeasureScore:
    indicator, definition, assessment = score.indicator.definition, score.measure.definition, score.assessment
    expected = assessment.expected
    return MeasureScore(
        indicator=IndicatorReference(
            id=indicator.indicator_id, code=indicator.code, name=label_of(indicator, language)
        ),
        measure=definition.code,
        level=indicator.level,
        path=paths[indicator.path],
        programme=indicator.programme,
        effects=list(score.indicator.effects),
        unit=definition.unit,
        period=definition.period,
        direction=definition.direction,
        sig=definition.sig,
        scope=definition.scope,
        rule=definition.rule,
        ambiguous=definition.ambiguous or indicator.ambiguous or score.measure.baseline.ambiguous,
        note=definition.note or indicator.note,
        live=definition.live,
        baseline=baseline_read(score.indicator, score.measure),
        target=target_read(score.indicator, score.target, language),
        latest=_value(score.latest, score.live),
        to_date=_value(score.running, score.live),
        status=assessment.status,
        method=assessment.method,
        progress=assessment.progress,
        change=assessment.change,
        expected=ExpectedRead(value=expected.value, on=expected.on) if expected else None,
        required_per_year=assessment.required_per_year,
        reasons={name: sentences.reason(code, language) for name, code in assessment.reasons.items()},
    )


def _value(row: Any | None, live: FigureState | None) -> ValueRead | None:
    if row is None:
        return None
    return ValueRead(
        observation=row.id,
        value=number_of_baseline(row.value, row.status),
        status=row.status,
        printed=row.printed,
        approximate=row.approximate,
        unit=row.unit,
        period=row.period,
        year=row.ends_on.year,
        from_=row.starts_on,
        to=row.ends_on,
        complete=row.complete,
        origin=row.origin,
        source=row.source,
        figure=row.figure,
        definition=definition_of(row),
        rows=row.rows,
        demonstration=row.demonstration,
        recorded_at=row.recorded_at,
        stale=_stale(row, live),
    )


def _stale(row: Any, live: FigureState | None) -> StaleRead | None:
    if row.origin != "live" or live is None or live.stale is None:
        return None
    return StaleRead(since=live.stale.since, problem=live.stale.problem)


def _coverage(scorecard: Scorecard) -> Coverage:
    scores = scorecard.scores
    return Coverage(
        measures=len(scores),
        with_baseline=sum(_has_baseline(score) for score in scores),
        with_target=sum(_has_target(score) for score in scores),
        with_latest=sum(score.latest is not None for score in scores),
        live=sum(score.measure.definition.live is not None for score in scores),
        stale=sum(score.latest is not None and _stale(score.latest, score.live) is not None for score in scores),
        demonstration=sum(score.latest is not None and score.latest.demonstration > 0 for score in scores),
    )


def _has_baseline(score: Score) -> bool:
    return number_of_baseline(score.measure.baseline.value, score.measure.baseline.status) is not None


def _has_target(score: Score) -> bool:
    return score.measure.target is not None and score.measure.target.resolves_to is not None


def _lacking(score: Score, language: Language, *, is_today: bool) -> Iterator[Lacking]:
    names = {"indicator": score.indicator.definition.code, "measure": score.measure.definition.code}
    if not _has_baseline(score):
        label = sentences.STATUSES[score.measure.baseline.status]
        yield Lacking(**names, lacks="baseline", why=sentences.said(label, language))
    if not _has_target(score):
        code: Reason = "no_target" if score.measure.target is None else "target_without_number"
        yield Lacking(**names, lacks="target", why=sentences.reason(code, language))
    if score.latest is None:
        cause = _why_no_value(score, is_today=is_today)
        why = cause if isinstance(cause, str) else sentences.said(cause, language)
        yield Lacking(**names, lacks="latest", why=why)


def _why_no_value(score: Score, *, is_today: bool) -> Label | str:
    if score.measure.definition.live is None:
        return sentences.NOT_COUNTED
    if not is_today:
        return sentences.NOT_THEN
    if score.live is not None and score.live.reason is not None:
        return score.live.reason
    if score.live is not None and score.live.stale is not None:
        return score.live.stale.problem
    return sentences.NOT_PULLED
