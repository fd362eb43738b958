"""`GET /v1/<service>/figures`: a service hands over its definitions and, per collection, how its rows are counted."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.access import operation
from klaster_shared.dates import Day
from klaster_shared.dependencies import Now, ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.figures import (
    Counted,
    FigureDefinition,
    FigureRead,
    FiguresRead,
    Span,
    check_dates,
    chosen,
    compute_figure,
    load_definitions,
    parameters_of,
    row_parameters,
    span_of,
)
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a count may need to know of time: the day it is, and the zone in which days end."""

    today: date
    zone: str


@dataclass(frozen=True, slots=True)
class Countable:
    """A list whose rows can be counted: its own parameters, how they are counted, by which aggregates.

    `count` gets the session, the aggregate, the parameters read as the list itself reads them, and the calendar.
    """

    parameters: type[BaseModel]
    count: Callable[[AsyncSession, str, Any, Calendar], Awaitable[Counted]]
    aggregates: frozenset[str] = frozenset({"count"})


def load_figures(path: Path, countable: Mapping[str, Countable]) -> dict[str, FigureDefinition]:
    """The definitions of a file; raises ValueError where one asks its list for something the list does not know."""
    definitions = load_definitions(path)
    for definition in definitions.values():
        if definition.unavailable is None:
            _check(definition, countable)
    return definitions


def _check(definition: FigureDefinition, countable: Mapping[str, Countable]) -> None:
    found = countable.get(definition.collection or "")
    if found is None or definition.aggregate not in found.aggregates:
        raise ValueError(f"{definition.name}: nobody counts {definition.aggregate} of {definition.collection}")
    day = date(2022, 12, 31)
    parameters_of(row_parameters(definition, Span(day, day)), found.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which day or period, and in which language reasons are given."""

    now: datetime
    as_of: date | None = None
    start: date | None = None
    end: date | None = None
    language: str = "en"


async def count_figures(
    session: AsyncSession,
    definitions: Iterable[FigureDefinition],
    countable: Mapping[str, Countable],
    calendar: Calendar,
    asked: Asked,
) -> list[FigureRead]:
    """Figures counted in one transaction."""

    async def count(definition: FigureDefinition, raw: dict[str, list[str]]) -> Counted:
        found = countable[definition.collection or ""]
        return await found.count(session, definition.aggregate, parameters_of(raw, found.parameters), calendar)

    return [
        await compute_figure(
            definition,
            span_of(definition, as_of=asked.as_of, from_=asked.start, to=asked.end, today=calendar.today),
            count=count,
            today=calendar.today,
            now=asked.now,
            language=asked.language,
        )
        for definition in definitions
    ]


def figures_router(
    service: str, *, definitions: Mapping[str, FigureDefinition], countable: Mapping[str, Countable]
) -> APIRouter:
    """The one route of a service's figures."""
    router = api_router("figures")

    @router.get(
        f"/v1/{service}/figures",
        summary=f"Live figures of {service}",
        response_model=FiguresRead,
        operation_id=f"list_{service}_figures",
        **operation(role="anonymous", scope="figures:read"),
    )
    async def list_figures(
        request: Request,
        session: ReadSession,
        today: Today,
        now: Now,
        language: ChosenLanguage,
        name: Annotated[
            list[str] | None, Query(max_length=100, description="Names of figures; all where left out")
        ] = None,
        as_of: Annotated[Day | None, Query(description="The day that point figures hold for")] = None,
        from_: Annotated[Day | None, Query(alias="from", description="First day of the period of flows")] = None,
        to: Annotated[Day | None, Query(description="Last day of the period of flows")] = None,
    ) -> Response:
        """Each with a link that lists exactly the rows counted; null with a reason where nothing can be counted yet.

        A link whose rows stand for people opens for the office alone.
        """
        check_dates(as_of, from_, to)
        calendar = Calendar(today, request.app.state.settings.zone)

        wanted = chosen(dict(definitions), name or [])
        asked = Asked(as_of=as_of, start=from_, end=to, now=now, language=language)
        figures = await count_figures(session, wanted, countable, calendar, asked)
        return conditional_json(request, FiguresRead(items=figures).model_dump(by_alias=True))

    return router
