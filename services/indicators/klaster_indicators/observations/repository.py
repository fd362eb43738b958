"""Queries on observations."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, or_, select, text, update
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import column_of, columns_of, table_of
from klaster_indicators.indicators.models import Indicator, IndicatorDefinition, Measure, MeasureDefinition
from klaster_indicators.observations.models import FigureDefinition, Observation
from klaster_indicators.observations.schemas import ObservationListParameters
from klaster_shared.pagination import Order, after

ORDER = (
    Order("to", column_of(Observation, "ends_on"), descending=True),
    Order("id", column_of(Observation, "id"), descending=True),
)
_WITH_DEFINITION = (
    *columns_of(Observation),
    col(FigureDefinition.definition_pl),
    col(FigureDefinition.definition_en),
)
_CHUNK = 500  # parameters of one statement: both engines take far more, plans stay short


def _chunks(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    listed = list(ids)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def _observations() -> Select[Any]:
    own = col(FigureDefinition.id) == col(Observation.figure_definition_id)
    return select(*_WITH_DEFINITION).outerjoin(FigureDefinition, own)


async def find_observation(session: AsyncSession, id: UUID) -> Any | None:  # noqa: A002
    """One observation."""
    return (await session.execute(_observations().where(col(Observation.id) == id))).one_or_none()


def _filtered(measure_ids: Collection[UUID], wanted: ObservationListParameters, *, drafts: bool) -> ColumnElement[bool]:
    clauses: list[ColumnElement[bool]] = [col(Observation.measure_id).in_(measure_ids)]
    if wanted.state:
        clauses.append(col(Observation.state).in_(wanted.state))
    if not drafts:
        clauses.append(col(Observation.state) != "draft")
    if wanted.since is not None:
        clauses.append(col(Observation.ends_on) >= wanted.since)
    if wanted.until is not None:
        clauses.append(col(Observation.ends_on) <= wanted.until)
    return and_(*clauses)


async def observations_page(
    session: AsyncSession, measure_ids: Collection[UUID], wanted: ObservationListParameters, *, drafts: bool
) -> Sequence[Any]:
    """One page of observations, the newest period first, and one row more where there is more."""
    statement = _observations().where(_filtered(measure_ids, wanted, drafts=drafts))
    statement = after(statement, ORDER, wanted.cursor).limit(wanted.limit + 1)
    return list((await session.execute(statement)).all())


async def count_observations(
    session: AsyncSession, measure_ids: Collection[UUID], wanted: ObservationListParameters, *, drafts: bool
) -> int:
    """How many observations the filters leave."""
    statement = select(sql.count()).select_from(Observation)
    statement = statement.where(_filtered(measure_ids, wanted, drafts=drafts))
    return int((await session.execute(statement)).scalar_one())


async def verified_for(session: AsyncSession, measure_ids: Collection[UUID], ends: Collection[date]) -> Sequence[Any]:
    """The verified observations of these measures whose periods end on one of these days."""
    found: list[Any] = []
    for chunk in _chunks(measure_ids):
        wanted = (col(Observation.measure_id).in_(chunk), col(Observation.ends_on).in_(ends))
        statement = _observations().where(col(Observation.state) == "verified", *wanted)
        found += (await session.execute(statement)).all()
    return found


async def verified_history(
    session: AsyncSession,
    measure_ids: Collection[UUID],
    *,
    since: date | None,
    until: date | None,
    limit: int | None,
    known_at: datetime | None,
) -> Sequence[Any]:
    """The observations of these measures that stand, or stood, the oldest first; of more than `limit` the newest."""
    found: list[Any] = []
    stood = _standing(table_of(Observation), known_at)
    for chunk in _chunks(measure_ids):
        statement = _observations().where(col(Observation.measure_id).in_(chunk), *stood)
        if since is not None:
            statement = statement.where(col(Observation.ends_on) >= since)
        if until is not None:
            statement = statement.where(col(Observation.ends_on) <= until)
        newest_first = statement.order_by(col(Observation.ends_on).desc(), col(Observation.id).desc())
        found += reversed((await session.execute(newest_first.limit(limit))).all())
    return found


async def standing_for(session: AsyncSession, measure_ids: Collection[UUID], ends: Collection[date]) -> Sequence[Any]:
    """Verified observations and drafts of these measures whose periods end on one of these days."""
    found: list[Any] = []
    for chunk in _chunks(measure_ids):
        wanted = (col(Observation.measure_id).in_(chunk), col(Observation.ends_on).in_(ends))
        statement = _observations().where(col(Observation.state) != "superseded", *wanted)
        found += (await session.execute(statement)).all()
    return found


async def last_of_years(
    session: AsyncSession, measure_ids: Collection[UUID], *, until: date, known_at: datetime | None
) -> Sequence[Any]:
    """The last observation that stands, or stood, of each year and period kind of these measures, the oldest first."""
    found: list[Any] = []
    own = (col(Observation.measure_id), col(Observation.period), sql.extract("year", col(Observation.ends_on)))
    newest = (col(Observation.ends_on).desc(), col(Observation.id).desc())
    place = sql.row_number().over(partition_by=own, order_by=newest).label("place")
    for chunk in _chunks(measure_ids):
        among = (col(Observation.measure_id).in_(chunk), *_standing(table_of(Observation), known_at))
        ranked = select(col(Observation.id), place).where(*among, col(Observation.ends_on) <= until).subquery()
        last = select(ranked.c.id).where(ranked.c.place == 1)
        statement = _observations().where(col(Observation.id).in_(last))
        in_order = statement.order_by(col(Observation.ends_on), col(Observation.id))
        found += (await session.execute(in_order)).all()
    return found


async def demonstration_ids(session: AsyncSession) -> Sequence[Any]:
    """The verified observations that rest on demonstration rows."""
    statement = _observations().where(col(Observation.state) == "verified", col(Observation.demonstration) > 0)
    return list((await session.execute(statement)).all())


async def latest_of_edition(
    session: AsyncSession, edition_id: UUID, *, as_of: date, known_at: datetime | None
) -> Sequence[Any]:
    """The newest verified number of every measure of an edition, up to a day; of flows, complete periods alone.

    A value of the measure's own period is preferred; one of another kind is better than none, to say so.
    """
    measure = table_of(MeasureDefinition)
    newest = _newest_of(measure, measure.c.measure_id, measure.c.period, as_of=as_of, known_at=known_at)
    own = col(IndicatorDefinition.id) == col(MeasureDefinition.definition_id)
    ids = select(newest).select_from(MeasureDefinition).join(IndicatorDefinition, own)
    wanted = ids.where(col(IndicatorDefinition.edition_id) == edition_id)
    return list((await session.execute(_observations().where(col(Observation.id).in_(wanted)))).all())


async def latest_of_measures(
    session: AsyncSession, periods: Mapping[UUID, str], *, as_of: date, known_at: datetime | None
) -> Sequence[Any]:
    """The same of measures that no table holds with the periods they are asked for: one query a kind of period."""
    measure, found = table_of(Measure), []
    for period in sorted(set(periods.values())):
        newest = _newest_of(measure, measure.c.id, period, as_of=as_of, known_at=known_at)
        for chunk in _chunks([id_ for id_, own in periods.items() if own == period]):
            ids = select(newest).where(measure.c.id.in_(chunk))
            found += (await session.execute(_observations().where(col(Observation.id).in_(ids)))).all()
    return found


def _newest_of(
    measure: Table, measure_id: Any, period: Any, *, as_of: date, known_at: datetime | None
) -> ColumnElement[Any]:
    """Id of a measure's newest number, of its own period where there is one."""
    candidate = table_of(Observation).alias()
    clauses = [
        candidate.c.measure_id == measure_id,
        *_standing(candidate, known_at),
        candidate.c.complete.is_(True),
        candidate.c.ends_on <= as_of,
        or_(candidate.c.value.is_not(None), candidate.c.status == "none"),
    ]
    # Ids rise with time: of two that end on one day the later recorded is meant, and an index gives this very order.
    newest = select(candidate.c.id).order_by(candidate.c.ends_on.desc(), candidate.c.id.desc()).limit(1)
    same = newest.where(*clauses, candidate.c.period == period).correlate(measure).scalar_subquery()
    return sql.coalesce(same, newest.where(*clauses).correlate(measure).scalar_subquery())


def _standing(observation: FromClause, known_at: datetime | None) -> list[ColumnElement[bool]]:
    """What stands now, or stood at an instant: what was superseded after it still did."""
    if known_at is None:
        return [observation.c.state == "verified"]
    ended = observation.c.superseded_at
    return [observation.c.verified_at <= known_at, or_(ended.is_(None), ended > known_at)]


async def running(session: AsyncSession, *, as_of: date, known_at: datetime | None) -> Sequence[Any]:
    """What the periods that are still running have counted so far: a few rows, of whatever measure."""
    # To the letter of the partial index: SQLite compares expressions, and knows no values of parameters.
    now_running = [text("observations.state = 'verified' AND NOT observations.complete")]
    then = [text("NOT observations.complete"), *_standing(table_of(Observation), known_at)]
    statement = _observations().where(
        *(then if known_at is not None else now_running),
        col(Observation.starts_on) <= as_of,
        col(Observation.ends_on) >= as_of,
    )
    return list((await session.execute(statement)).all())


async def count_by_indicator(session: AsyncSession, codes: Collection[str]) -> dict[str, int]:
    """How many observations each of these indicators has."""
    statement = (
        select(col(Indicator.code), sql.count().label("found"))
        .join(Measure, col(Measure.indicator_id) == col(Indicator.id))
        .join(Observation, col(Observation.measure_id) == col(Measure.id))
        .where(col(Indicator.code).in_(codes))
        .group_by(col(Indicator.code))
    )
    return {row.code: row.found for row in (await session.execute(statement)).all()}


async def figure_definitions(session: AsyncSession) -> dict[tuple[str, str], UUID]:
    """Every definition we have seen, by figure and fingerprint."""
    columns = (col(FigureDefinition.figure), col(FigureDefinition.fingerprint), col(FigureDefinition.id))
    return {(row.figure, row.fingerprint): row.id for row in (await session.execute(select(*columns))).all()}


async def add(session: AsyncSession, rows: Iterable[Observation | FigureDefinition]) -> None:
    """Add rows."""
    session.add_all(rows)
    await session.flush()


async def touch(session: AsyncSession, ids: Collection[UUID], *, now: datetime) -> None:
    """Note that the sources of these observations still say the same."""
    for chunk in _chunks(ids):
        statement = update(Observation).where(col(Observation.id).in_(chunk)).values(checked_at=now)
        await session.execute(statement, execution_options={"synchronize_session": False})


async def change(session: AsyncSession, id: UUID, **values: Any) -> None:  # noqa: A002
    """Change an observation's state."""
    own = update(Observation).where(col(Observation.id) == id)
    statement = own.values(version=col(Observation.version) + 1, **values)
    await session.execute(statement, execution_options={"synchronize_session": False})
