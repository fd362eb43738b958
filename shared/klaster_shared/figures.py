"""Figures as data: a collection, a filter in that list's own parameters, an aggregate, a time form.

A service lists its definitions in a file and hands over one function that counts; value and rows link come from the
same filter, so they cannot disagree.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import yaml
from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.decimals import Number
from klaster_shared.errors import Invalid
from klaster_shared.labels import Label

TimeForm = Literal["point", "period", "window_3y"]


class FigureDefinition(BaseModel):
    """What a figure counts. Either it names a collection, or it says why it cannot be counted yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    definition: Label
    unit: str
    time_form: TimeForm
    collection: str | None = Field(None, description="Path of the list whose rows are counted: /v1/entities")
    filter: dict[str, str | list[str]] = Field(default_factory=dict, description="That list's own query parameters")
    aggregate: str = Field("count", description="count, sum:<column>, distinct:<column> or share")
    dates: dict[str, str] = Field(
        default_factory=dict,
        description="The list's parameter for each of as_of, from, to, where it is named otherwise",
    )
    unavailable: Label | None = Field(None, description="Why there is nothing to count yet")


class FigureRead(BaseModel):
    """A figure, counted where its rows live."""

    name: str = Field(examples=["registry.entities.registered"])
    value: Number | None = Field(description="Null where it cannot be counted: see `reason`")
    unit: str
    time_form: TimeForm
    as_of: date | None = Field(description="The day it holds for (point figures)")
    from_: date | None = Field(alias="from", description="First day of its period (flows)")
    to: date | None = Field(description="Last day of its period (flows)")
    complete: bool = Field(description="False while the period is still running")
    definition: Label
    rows: str | None = Field(description="The list of exactly the rows counted")
    demonstration: int = Field(description="How many of the rows counted are demonstration data")
    restricted: int = Field(  # a neighbour of last month does not say it
        0,
        description="How many of the rows counted the list behind `rows` does not show to everybody, but to the office",
    )
    reason: str | None = Field(description="Why there is no value")
    counted: int | None = Field(
        description="For sums: how many rows state a value; for shares: how many rows are of the part"
    )
    without_value: int | None = Field(
        description="For sums: how many rows state none; for shares: the rest of the whole"
    )
    participations: int | None = Field(description="For distinct people: how often they took part")
    computed_at: datetime

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "name": "registry.entities.registered",
                    "value": 73,
                    "unit": "entity",
                    "time_form": "point",
                    "as_of": "2022-12-31",
                    "from": None,
                    "to": None,
                    "complete": True,
                    "definition": {
                        "pl": "Podmioty zarejestrowane w RBW w danym dniu",
                        "en": "Entities registered in the RBW on the day",
                    },
                    "rows": "/v1/entities?registration=registered&as_of=2022-12-31",
                    "demonstration": 12,
                    "restricted": 0,
                    "reason": None,
                    "counted": None,
                    "without_value": None,
                    "participations": None,
                    "computed_at": "2026-11-24T10:00:00Z",
                }
            ]
        },
    )


class FiguresRead(BaseModel):
    """Figures of one service, for one date or period."""

    items: list[FigureRead]


@dataclass(frozen=True, slots=True)
class Span:
    """The days a figure is asked for: one day (`as_of` = `start` = `end`), or a period with both ends in it."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting gave."""

    value: Decimal | None
    demonstration: int = 0
    restricted: int = 0
    counted: int | None = None
    without_value: int | None = None
    participations: int | None = None
    reason: Label | None = None


Counter = Callable[[FigureDefinition, dict[str, list[str]]], Awaitable[Counted]]
"""Counts the rows of a definition's collection under the parameters of its rows link."""


def load_definitions(path: Path) -> dict[str, FigureDefinition]:
    """Read a file of definitions; raises ValueError where it repeats a name or is not one of definitions."""
    found = [FigureDefinition.model_validate(item) for item in yaml.safe_load(path.read_text(encoding="utf-8"))]
    by_name = {definition.name: definition for definition in found}
    if len(by_name) != len(found):
        raise ValueError(f"{path.name} defines a figure twice")
    return by_name


def span_of(
    definition: FigureDefinition, *, as_of: date | None, from_: date | None, to: date | None, today: date
) -> Span:
    """The days that a request means for this figure.

    A point figure takes `as_of` (or the end of the period asked for), today by default. A flow takes the period
    asked for, or the calendar year of `as_of`, by default the last complete year; a window the three years up to it.
    """
    if definition.time_form == "point":
        day = as_of or to or today
        return Span(day, day)
    end = to or (date(as_of.year, 12, 31) if as_of else date(today.year - 1, 12, 31))
    years = 3 if definition.time_form == "window_3y" else 1
    return Span(from_ or date(max(end.year - years + 1, 1), 1, 1), end)


def check_dates(as_of: date | None, from_: date | None, to: date | None) -> None:
    """Refuse dates that contradict each other; raises Invalid."""
    if as_of is not None and (from_ is not None or to is not None):
        raise Invalid.field("query/as_of", "dates", "Ask for a day (as_of) or for a period (from, to), not for both")
    if (from_ is None) != (to is None):
        raise Invalid.field("query/from", "dates", "A period has both ends: from and to")
    if from_ is not None and to is not None and from_ > to:
        raise Invalid.field("query/from", "dates", "The period ends before it begins")


def row_parameters(definition: FigureDefinition, span: Span) -> dict[str, list[str]]:
    """The query parameters of the rows link: the definition's filter and the span."""
    parameters = {name: [value] if isinstance(value, str) else list(value) for name, value in definition.filter.items()}
    if definition.time_form == "point":
        parameters[definition.dates.get("as_of", "as_of")] = [span.end.isoformat()]
    else:
        parameters[definition.dates.get("from", "from")] = [span.start.isoformat()]
        parameters[definition.dates.get("to", "to")] = [span.end.isoformat()]
    return parameters


async def compute_figure(
    definition: FigureDefinition, span: Span, *, count: Counter, today: date, now: datetime, language: str = "en"
) -> FigureRead:
    """Count one figure, with the link that lists exactly the rows counted."""
    parameters = row_parameters(definition, span) if definition.collection else {}
    if definition.unavailable is not None:
        counted = Counted(None, reason=definition.unavailable)
    else:
        counted = await count(definition, parameters)
    point = definition.time_form == "point"
    return FigureRead(
        name=definition.name,
        value=counted.value,
        unit=definition.unit,
        time_form=definition.time_form,
        as_of=span.end if point else None,
        from_=None if point else span.start,
        to=None if point else span.end,
        complete=span.end <= today if point else span.end < today,
        definition=definition.definition,
        rows=f"{definition.collection}?{urlencode(parameters, doseq=True)}" if definition.collection else None,
        demonstration=counted.demonstration,
        restricted=counted.restricted,
        reason=_in_language(counted.reason, language),
        counted=counted.counted,
        without_value=counted.without_value,
        participations=counted.participations,
        computed_at=now,
    )


def _in_language(reason: Label | None, language: str) -> str | None:
    if reason is None:
        return None
    return reason.pl if language == "pl" else reason.en


def chosen(definitions: dict[str, FigureDefinition], names: Sequence[str]) -> list[FigureDefinition]:
    """The definitions asked for by name, all where none is; raises Invalid on a name that does not exist."""
    for name in names:
        if name not in definitions:
            raise Invalid.field("query/name", "unknown_figure", f"There is no figure {name}")
    return [definitions[name] for name in dict.fromkeys(names)] if names else list(definitions.values())


def parameters_of(raw: dict[str, list[str]], model: type[BaseModel]) -> Any:
    """Read the parameters of a rows link as the list endpoint itself would, and refuse those that it would refuse."""
    known = {info.alias or name for name, info in model.model_fields.items()}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"the list has no parameter {', '.join(unknown)}")
    values = {name: value if _takes_list(model, name) else value[0] for name, value in raw.items()}
    return model.model_validate(values)


def _takes_list(model: type[BaseModel], name: str) -> bool:
    for field_name, info in model.model_fields.items():
        if name in {field_name, info.alias}:
            return "list" in str(info.annotation)
    return False
