"""Queries on indicators: one a table, however many indicators are asked for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import Base, column_of, columns_of
from klaster_indicators.indicators.filters import Filter
from klaster_indicators.indicators.models import (
    Baseline,
    Indicator,
    IndicatorDefinition,
    IndicatorEffect,
    Measure,
    MeasureDefinition,
    Target,
)
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import Order, after

ORDER = (Order("position", column_of(IndicatorDefinition, "position")),)
_DEFINITION = (*columns_of(IndicatorDefinition), col(Indicator.code))


def _matching(edition_id: UUID, wanted: Filter) -> list[ColumnElement[bool]]:
    definition = IndicatorDefinition
    clauses: list[ColumnElement[bool]] = [col(definition.edition_id) == edition_id]
    if wanted.levels:
        clauses.append(col(definition.level).in_(wanted.levels))
    if wanted.paths is not None:
        clauses.append(col(definition.path).in_(wanted.paths))
    if wanted.programmes:
        clauses.append(col(definition.programme).in_(wanted.programmes))
    if wanted.ids is not None:
        clauses.append(col(definition.indicator_id).in_(wanted.ids))
    clauses += [col(definition.search_text).contains(word, autoescape=True) for word in wanted.words]
    return [*clauses, *_about_parts(wanted)]


def _about_parts(wanted: Filter) -> Iterable[ColumnElement[bool]]:
    own_effect = col(IndicatorEffect.definition_id) == col(IndicatorDefinition.id)
    own_measure = col(MeasureDefinition.definition_id) == col(IndicatorDefinition.id)
    if wanted.effects:
        yield exists().where(own_effect, col(IndicatorEffect.effect).in_(wanted.effects))
    if wanted.sigs:
        yield exists().where(own_measure, col(MeasureDefinition.sig).in_(wanted.sigs))
    if wanted.live is not None:
        found = exists().where(own_measure, col(MeasureDefinition.live).is_not(None))
        yield found if wanted.live else ~found


def _definitions(edition_id: UUID, wanted: Filter) -> Select[Any]:
    identity = col(Indicator.id) == col(IndicatorDefinition.indicator_id)
    return select(*_DEFINITION).join(Indicator, identity).where(*_matching(edition_id, wanted))


async def definitions(session: AsyncSession, edition_id: UUID, wanted: Filter) -> Sequence[Any]:
    """What the edition says of these indicators, in its order."""
    statement = _definitions(edition_id, wanted).order_by(col(IndicatorDefinition.position))
    return list((await session.execute(statement)).all())


async def definitions_page(
    session: AsyncSession, edition_id: UUID, wanted: Filter, *, cursor: str | None, limit: int
) -> Sequence[Any]:
    """One page of them, and one row more where there is more."""
    statement = after(_definitions(edition_id, wanted), ORDER, cursor).limit(limit + 1)
    return list((await session.execute(statement)).all())


async def count_definitions(session: AsyncSession, edition_id: UUID, wanted: Filter) -> int:
    """How many indicators the filter leaves."""
    statement = select(sql.count()).select_from(IndicatorDefinition).where(*_matching(edition_id, wanted))
    return int((await session.execute(statement)).scalar_one())


def _of_definitions(edition_id: UUID, ids: Collection[UUID] | None) -> ColumnElement[bool]:
    """Parts of these definitions; of the whole edition where there are too many to name them."""
    if ids is not None and len(ids) <= 500:
        return col(IndicatorDefinition.id).in_(ids)
    return col(IndicatorDefinition.edition_id) == edition_id


async def effects_of(session: AsyncSession, edition_id: UUID, ids: Collection[UUID] | None) -> Sequence[Any]:
    """The effects of these definitions."""
    own = col(IndicatorDefinition.id) == col(IndicatorEffect.definition_id)
    statement = select(*columns_of(IndicatorEffect)).join(IndicatorDefinition, own)
    ordered = statement.where(_of_definitions(edition_id, ids)).order_by(col(IndicatorEffect.position))
    return (await session.execute(ordered)).all()


async def measures_of(session: AsyncSession, edition_id: UUID, ids: Collection[UUID] | None) -> Sequence[Any]:
    """The measures of these definitions, in their order."""
    statement = (
        select(*columns_of(MeasureDefinition), col(Measure.code))
        .join(Measure, col(Measure.id) == col(MeasureDefinition.measure_id))
        .join(IndicatorDefinition, col(IndicatorDefinition.id) == col(MeasureDefinition.definition_id))
        .where(_of_definitions(edition_id, ids))
        .order_by(col(MeasureDefinition.position))
    )
    return (await session.execute(statement)).all()


async def baselines_of(session: AsyncSession, edition_id: UUID, ids: Collection[UUID] | None) -> Sequence[Any]:
    """The baselines of these definitions' measures."""
    return await _of_measures(session, Baseline, edition_id, ids)


async def targets_of(session: AsyncSession, edition_id: UUID, ids: Collection[UUID] | None) -> Sequence[Any]:
    """The targets of these definitions' measures."""
    return await _of_measures(session, Target, edition_id, ids)


async def _of_measures(
    session: AsyncSession, table: Any, edition_id: UUID, ids: Collection[UUID] | None
) -> Sequence[Any]:
    statement = (
        select(*columns_of(table))
        .join(MeasureDefinition, col(MeasureDefinition.id) == table.measure_definition_id)
        .join(IndicatorDefinition, col(IndicatorDefinition.id) == col(MeasureDefinition.definition_id))
        .where(_of_definitions(edition_id, ids))
    )
    return (await session.execute(statement)).all()


async def find_indicator(session: AsyncSession, *, id: UUID | None, code: str | None) -> Any | None:  # noqa: A002
    """An indicator by its id or code."""
    wanted = col(Indicator.id) == id if id is not None else col(Indicator.code) == code
    return (await session.execute(select(*columns_of(Indicator)).where(wanted))).one_or_none()


async def editions_with(session: AsyncSession, indicator_id: UUID) -> set[UUID]:
    """The editions that say something of an indicator."""
    statement = select(col(IndicatorDefinition.edition_id)).where(col(IndicatorDefinition.indicator_id) == indicator_id)
    return set((await session.execute(statement)).scalars())


async def find_measures(session: AsyncSession, indicator_id: UUID) -> Sequence[Any]:
    """The measures of an indicator, of whatever edition."""
    statement = select(*columns_of(Measure)).where(col(Measure.indicator_id) == indicator_id).order_by(col(Measure.id))
    return (await session.execute(statement)).all()


async def live_measures(session: AsyncSession, edition_id: UUID) -> Sequence[Any]:
    """Measure, unit, period and figure of every measure that another service counts."""
    statement = (
        select(
            col(MeasureDefinition.measure_id),
            col(MeasureDefinition.unit),
            col(MeasureDefinition.period),
            col(MeasureDefinition.live),
        )
        .join(IndicatorDefinition, col(IndicatorDefinition.id) == col(MeasureDefinition.definition_id))
        .where(col(IndicatorDefinition.edition_id) == edition_id, col(MeasureDefinition.live).is_not(None))
    )
    return (await session.execute(statement)).all()


async def measure_names(session: AsyncSession) -> Sequence[Any]:
    """Id, own code and indicator's code of every measure there has ever been."""
    columns: list[Any] = [col(Measure.id), col(Measure.code), col(Indicator.code).label("indicator")]
    joined = select(*columns).join(Indicator, col(Measure.indicator_id) == col(Indicator.id))
    return (await session.execute(joined)).all()


async def delete_definitions(session: AsyncSession, edition_id: UUID) -> None:
    """Remove what a draft said before it is replaced; its parts go with it."""
    await session.execute(delete(IndicatorDefinition).where(col(IndicatorDefinition.edition_id) == edition_id))


async def identities(session: AsyncSession) -> dict[tuple[str, str | None], UUID]:
    """Every indicator (code, None) and measure (code, measure) there has ever been."""
    indicators = (await session.execute(select(col(Indicator.code), col(Indicator.id)))).all()
    joined = select(col(Indicator.code), col(Measure.code), col(Measure.id)).join(
        Measure, col(Measure.indicator_id) == col(Indicator.id)
    )
    known: dict[tuple[str, str | None], UUID] = {(code, None): found for code, found in indicators}
    known |= {(code, measure): found for code, measure, found in (await session.execute(joined)).all()}
    return known


async def add_indicator(session: AsyncSession, *, code: str, now: datetime) -> UUID:
    """A new identity of an indicator."""
    indicator = Indicator(id=new_id(), code=code, created_at=now)
    session.add(indicator)
    return indicator.id


async def add_measure(session: AsyncSession, *, indicator_id: UUID, code: str, now: datetime) -> UUID:
    """A new identity of a measure."""
    measure = Measure(id=new_id(), indicator_id=indicator_id, code=code, created_at=now)
    session.add(measure)
    return measure.id


async def add_rows(session: AsyncSession, rows: Iterable[Base]) -> None:
    """Add rows of one table."""
    session.add_all(rows)
    await session.flush()
