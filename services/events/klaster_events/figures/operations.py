"""Counting figures: each collection counts with the very query that its list runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.operations import count_participations
from klaster_events.attendance.schemas import ParticipationListParameters
from klaster_events.events.operations import count_events
from klaster_events.events.schemas import EventListParameters
from klaster_events.series_list.filters import SeriesListParameters
from klaster_events.series_list.operations import count_series
from klaster_shared.figures import (
    Counted,
    FigureDefinition,
    FigureRead,
    Span,
    chosen,
    compute_figure,
    load_definitions,
    parameters_of,
    row_parameters,
    span_of,
)

Count = Callable[[AsyncSession, str, Any, str], Awaitable[Counted]]


async def _events(session: AsyncSession, _aggregate: str, asked: EventListParameters, zone: str) -> Counted:
    total, marked = await count_events(session, parameters=asked, zone=zone, drafts=False)
    return Counted(Decimal(total), demonstration=marked)


async def _series(session: AsyncSession, _aggregate: str, asked: SeriesListParameters, zone: str) -> Counted:
    total, marked = await count_series(session, parameters=asked, zone=zone)
    return Counted(Decimal(total), demonstration=marked)


async def _participations(
    session: AsyncSession, aggregate: str, asked: ParticipationListParameters, zone: str
) -> Counted:
    found = await count_participations(session, parameters=asked, zone=zone)
    different = found.people if aggregate == "distinct:person" else found.entities
    return Counted(Decimal(different), demonstration=found.demonstration, participations=found.rows)


_COLLECTIONS: Mapping[str, tuple[type[BaseModel], Count, frozenset[str]]] = MappingProxyType(
    {
        "/v1/events": (EventListParameters, _events, frozenset({"count"})),
        "/v1/series": (SeriesListParameters, _series, frozenset({"count"})),
        "/v1/participations": (
            ParticipationListParameters,
            _participations,
            frozenset({"distinct:person", "distinct:entity"}),
        ),
    }
)


def load_figures(path: Path) -> dict[str, FigureDefinition]:
    """The definitions of a file; raises ValueError where one asks its list for something the list does not know."""
    definitions = load_definitions(path)
    for definition in definitions.values():
        _check(definition)
    return definitions


def _check(definition: FigureDefinition) -> None:
    if definition.unavailable is not None:
        return
    found = _COLLECTIONS.get(definition.collection or "")
    if found is None or definition.aggregate not in found[2]:
        raise ValueError(f"{definition.name}: nobody counts {definition.aggregate} of {definition.collection}")
    day = date(2022, 12, 31)
    parameters_of(row_parameters(definition, Span(day, day)), found[0])


async def figures(
    session: AsyncSession,
    *,
    definitions: dict[str, FigureDefinition],
    names: Sequence[str],
    as_of: date | None,
    from_: date | None,
    to: date | None,
    today: date,
    now: datetime,
    zone: str,
    language: str,
) -> list[FigureRead]:
    """The figures asked for, one query each; raises Invalid on a name that does not exist."""

    async def count(definition: FigureDefinition, raw: dict[str, list[str]]) -> Counted:
        model, counter, _ = _COLLECTIONS[definition.collection or ""]
        return await counter(session, definition.aggregate, parameters_of(raw, model), zone)

    return [
        await compute_figure(
            definition,
            span_of(definition, as_of=as_of, from_=from_, to=to, today=today),
            count=count,
            today=today,
            now=now,
            language=language,
        )
        for definition in chosen(definitions, names)
    ]
