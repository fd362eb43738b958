"""Rules of live figures: what is pulled for which days, what of it is stored, and when it counts as stale."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework.operations import find_edition
from klaster_indicators.indicators.operations import LiveMeasure, live_measures, measure_names
from klaster_indicators.live import repository
from klaster_indicators.live.figures import FigureSource, PulledFigure, source_of
from klaster_indicators.live.models import LiveFigure, LiveFigureState
from klaster_indicators.observations.counted import Counted, Tally, both, store_counted
from klaster_indicators.observations.operations import withdraw_demonstration
from klaster_indicators.observations.periods import Span
from klaster_shared.database import Database
from klaster_shared.errors import Problem

SILENCE = timedelta(hours=24)  # no success for so long, and no attempt that failed: nobody refreshes any more


@dataclass(frozen=True, slots=True)
class Plan:
    """What a refresh asks for: the measures that are counted elsewhere, and the days."""

    measures: Sequence[LiveMeasure]
    days: Sequence[date]


@dataclass(slots=True)
class Pull:
    """What one source answered, day by day, and why it stopped where it did."""

    source: str
    answers: dict[date, Mapping[str, PulledFigure]] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """Why a value may no longer be what its source would say, and since when."""

    since: datetime | None
    problem: str


async def plan_refresh(session: AsyncSession, *, today: date, as_of: date | None) -> Plan:
    """What to ask: one day where it is named, else today and each year's end since the first baseline."""
    edition = await find_edition(session, code=None)
    if edition is None:
        return Plan((), ())
    first = min(edition.baseline_year_programme, edition.baseline_year_effect)
    year_ends = [date(year, 12, 31) for year in range(first, today.year)]
    return Plan(await live_measures(session, edition=edition), [as_of] if as_of else [*year_ends, today])


async def pull(source: FigureSource | None, *, name: str, days: Iterable[date]) -> Pull:
    """Ask one source, a day at a time; where it fails it is not asked on, and what came before stands."""
    if source is None:
        return Pull(name, problem=f"this service has no key to ask {name} with")
    result = Pull(name)
    for day in days:
        try:
            result.answers[day] = await source.figures(day)
        except Problem as problem:
            result.problem = f"{problem.detail} (asked for {day})"
            break
    return result


async def store_pulls(session: AsyncSession, *, plan: Plan, pulls: Sequence[Pull], now: datetime) -> Tally:
    """Store what the sources counted as observations, and what became of each figure."""
    by_source = {pull.source: pull for pull in pulls}
    counted = [
        _counted(measure, figure, source_of(measure.figure), now)
        for measure in plan.measures
        for answer in by_source[source_of(measure.figure)].answers.values()
        if (figure := answer.get(measure.figure)) is not None
    ]
    names = await measure_names(session)
    tally = await store_counted(session, counted=_without_repetition(counted), names=names, now=now)
    await _note_states(session, plan=plan, by_source=by_source, now=now)
    return tally


def _counted(measure: LiveMeasure, figure: PulledFigure, source: str, now: datetime) -> Counted:
    return Counted(
        measure_id=measure.measure_id,
        span=Span(figure.period, figure.starts_on, figure.ends_on, figure.complete),
        value=figure.value,
        reason=figure.reason,
        unit=figure.unit,
        source=source,
        figure=figure.name,
        definition=figure.definition,
        rows=figure.rows,
        demonstration=figure.demonstration,
        pulled_at=now,
    )


def _without_repetition(counted: Iterable[Counted]) -> list[Counted]:
    """One of each period: on the last day of a year two of the days asked for mean the same one."""
    return list({item.key: item for item in counted}.values())


async def _note_states(session: AsyncSession, *, plan: Plan, by_source: Mapping[str, Pull], now: datetime) -> None:
    names = {measure.figure for measure in plan.measures}
    known = await repository.figures_to_change(session, names)
    new = [LiveFigure(name=name, source=source_of(name), last_attempt_at=now) for name in sorted(names - set(known))]
    for figure in [*known.values(), *new]:
        pulled = by_source[figure.source]
        answers = [answer[figure.name] for answer in pulled.answers.values() if figure.name in answer]
        figure.last_attempt_at = now
        figure.problem = pulled.problem
        if pulled.problem is None and not answers:
            figure.problem = f"{figure.source} knows no figure of this name"
        if answers:
            figure.reason = answers[-1].reason
        if figure.problem is None:
            figure.last_success_at = now
    await repository.add(session, new)
    await _keep_states(session, [*known.values(), *new], now=now)


async def _keep_states(session: AsyncSession, figures: Sequence[LiveFigure], *, now: datetime) -> None:
    """Keep how each source is, from now on where that has changed: a scorecard of today can be asked for again."""
    before = await repository.last_states(session, [figure.name for figure in figures])
    fresh = []
    for figure in figures:
        state = before.get(figure.name)
        if state is not None and (state.problem, state.reason) == (figure.problem, figure.reason):
            state.last_success_at = figure.last_success_at
        elif state is not None and state.since == now:
            state.problem, state.reason, state.last_success_at = figure.problem, figure.reason, figure.last_success_at
        else:
            fresh.append(_state_of(figure, now))
    await repository.add(session, fresh)


def _state_of(figure: LiveFigure, now: datetime) -> LiveFigureState:
    return LiveFigureState(
        name=figure.name,
        since=now,
        last_success_at=figure.last_success_at,
        problem=figure.problem,
        reason=figure.reason,
    )


async def refresh(
    database: Database, *, sources: Mapping[str, FigureSource], today: date, as_of: date | None, now: datetime
) -> dict[str, Any]:
    """Pull every live figure and store what came; the answer says so, source by source.

    The sources are asked at the same time, between two transactions, never inside one. One that is away leaves its last
    values, and holds up no other.
    """
    async with database.read() as session:
        plan = await plan_refresh(session, today=today, as_of=as_of)
    asked = sorted({source_of(measure.figure) for measure in plan.measures})
    pulls = await asyncio.gather(*(pull(sources.get(name), name=name, days=plan.days) for name in asked))
    async with database.write() as session:
        tally = await store_pulls(session, plan=plan, pulls=pulls, now=now)
    return {
        "days": [day.isoformat() for day in plan.days],
        "sources": {pull.source: pull.problem or "ok" for pull in pulls},
        "created": tally.created,
        "restated": tally.restated,
        "unchanged": tally.unchanged,
        "withdrawn": tally.withdrawn,
        "kept_by_hand": tally.kept_by_hand,
    }


async def clear_demonstration(session: AsyncSession, *, now: datetime) -> int:
    """Withdraw every observation that rests on demonstration rows; how many there were."""
    names = await measure_names(session)
    reason = both("usunięto dane demonstracyjne", "the demonstration rows were removed")
    return await withdraw_demonstration(session, names=names, reason=reason, now=now)


@dataclass(frozen=True, slots=True)
class FigureState:
    """What is known of a live figure beyond its values."""

    stale: Stale | None
    reason: str | None


async def figure_states(
    session: AsyncSession, *, now: datetime, known_at: datetime | None = None
) -> dict[str, FigureState]:
    """Of every live figure: whether its values are stale, and why it cannot be counted; now, or at an instant."""
    at = known_at or now
    rows = await (repository.live_figures(session) if known_at is None else repository.states_at(session, known_at))
    return {row.name: FigureState(_stale(row, at), row.reason) for row in rows}


def _stale(row: Any, now: datetime) -> Stale | None:
    if row.problem is not None:
        return Stale(row.last_success_at, row.problem)
    if row.last_success_at is None or row.last_success_at < now - SILENCE:
        return Stale(row.last_success_at, "it has not been refreshed for more than a day")
    return None
