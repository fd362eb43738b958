"""Live figures in this service's own words, and what it asks of a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from klaster_indicators.document.values import Period
from klaster_shared.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledFigure:
    """What a source counted: a value, or the reason why there is none."""

    name: str
    value: Decimal | None
    unit: str
    period: Period
    starts_on: date
    ends_on: date
    complete: bool
    definition: Label
    rows: str | None
    demonstration: int
    reason: str | None
    computed_at: datetime


class FigureSource(Protocol):
    """A service that counts figures."""

    async def figures(self, as_of: date) -> Mapping[str, PulledFigure]:
        """Every figure it counts, by name: points on that day, flows of that day's year, windows up to it.

        Raises a Problem where it is away, answers too late, or says what cannot be read.
        """
        ...


def source_of(figure: str) -> str:
    """The service that counts a figure: the first word of its name."""
    return figure.partition(".")[0]
