"""Counting figures: each collection counts with the very query that its list runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.data_repositories.operations import count_data_repositories
from klaster_registry.data_repositories.schemas import DataRepositoryListParameters
from klaster_registry.entities.filters import EntityListParameters
from klaster_registry.entities.operations import count_entities
from klaster_registry.foreign_hqs.operations import count_hqs
from klaster_registry.foreign_hqs.schemas import ForeignHqListParameters
from klaster_registry.groups.operations import count_groups
from klaster_registry.groups.schemas import GroupListParameters
from klaster_registry.labs.operations import measure_labs
from klaster_registry.labs.schemas import LabListParameters
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
from klaster_shared.labels import Label

Count = Callable[[AsyncSession, str, Any, date], Awaitable[Counted]]
_NO_AREA = Label(
    pl="Żadne z liczonych laboratoriów nie podaje powierzchni",
    en="None of the laboratories counted states its area",
)


async def _entities(session: AsyncSession, _aggregate: str, asked: EntityListParameters, today: date) -> Counted:
    total, marked = await count_entities(session, parameters=asked, today=today)
    return Counted(Decimal(total), demonstration=marked)


async def _foreign_hqs(session: AsyncSession, _aggregate: str, asked: ForeignHqListParameters, today: date) -> Counted:
    total, marked = await count_hqs(session, parameters=asked, today=today)
    return Counted(Decimal(total), demonstration=marked)


async def _data_repositories(
    session: AsyncSession, _aggregate: str, asked: DataRepositoryListParameters, today: date
) -> Counted:
    total, marked = await count_data_repositories(session, parameters=asked, today=today)
    return Counted(Decimal(total), demonstration=marked)


async def _networks(session: AsyncSession, _aggregate: str, asked: GroupListParameters, today: date) -> Counted:
    total = await count_groups(session, taxonomy="networks", parameters=asked, today=today)
    # A network is no demonstration itself: what counts is whether it is listed for demonstration members alone.
    marked = asked.model_copy(update={"demonstration": True})
    resting = (
        await count_groups(session, taxonomy="networks", parameters=marked, today=today) if asked.member_kind else 0
    )
    return Counted(Decimal(total), demonstration=resting)


async def _labs(session: AsyncSession, aggregate: str, asked: LabListParameters, today: date) -> Counted:
    found = await measure_labs(session, parameters=asked, today=today)
    if aggregate == "count":
        return Counted(Decimal(found.labs), demonstration=found.demonstration)
    return Counted(
        found.area_m2,
        demonstration=found.demonstration,
        counted=found.with_area,
        without_value=found.labs - found.with_area,
    )


_COLLECTIONS: Mapping[str, tuple[type[BaseModel], Count, frozenset[str]]] = MappingProxyType(
    {
        "/v1/entities": (EntityListParameters, _entities, frozenset({"count"})),
        "/v1/foreign-hqs": (ForeignHqListParameters, _foreign_hqs, frozenset({"count"})),
        "/v1/data-repositories": (DataRepositoryListParameters, _data_repositories, frozenset({"count"})),
        "/v1/networks": (GroupListParameters, _networks, frozenset({"count"})),
        "/v1/labs": (LabListParameters, _labs, frozenset({"count", "sum:area_m2"})),
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
    language: str,
) -> list[FigureRead]:
    """The figures asked for, one query each; raises Invalid on a name that does not exist."""

    async def count(definition: FigureDefinition, raw: dict[str, list[str]]) -> Counted:
        model, counter, _ = _COLLECTIONS[definition.collection or ""]
        counted = await counter(session, definition.aggregate, parameters_of(raw, model), today)
        if counted.value is None:
            return replace(counted, reason=_NO_AREA.pl if language == "pl" else _NO_AREA.en)
        return counted

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
