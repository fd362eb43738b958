"""Periods in which something holds: whole days, first and last included; one open end means "still", or "always".

from klaster_shared.dates import Day
Stored half-open (`valid_from`, `valid_until`: the first day on which it no longer holds) with far dates for open ends,
so that one comparison answers every `as_of` and an index can serve it. On the wire both days are included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, and_

from klaster_shared.dates import Day
from klaster_shared.errors import Invalid, wrong_field

BEGINNING = date(1, 1, 1)
END = date(9999, 12, 31)


class PeriodIn(BaseModel):
    """Days from and to, both included; null means open."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: Day | None = Field(None, alias="from", description="First day; null: since always, or not known")
    to: Day | None = Field(None, description="Last day; null: still")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise wrong_field("to", "dates", "The last day lies before the first")
        if self.from_ and self.from_ >= END - timedelta(days=1):
            raise wrong_field("from", "dates", "No first day lies there")
        if self.to and self.to >= END - timedelta(days=1):
            raise wrong_field("to", "dates", "Leave `to` out where there is no last day")
        return self

    def period(self) -> "Period":
        """As it is stored."""
        return Period(self.from_ or BEGINNING, self.to + timedelta(days=1) if self.to else END)


class PeriodRead(BaseModel):
    """Days from and to, both included; null means open."""

    model_config = ConfigDict(populate_by_name=True)

    from_: date | None = Field(alias="from")
    to: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of days."""

    valid_from: date = BEGINNING
    valid_until: date = END

    def covers(self, day: date) -> bool:
        """Whether it holds at the end of `day`."""
        return self.valid_from <= day < self.valid_until

    def overlaps(self, other: "Period") -> bool:
        """Whether there is a day in both."""
        return self.valid_from < other.valid_until and other.valid_from < self.valid_until

    def is_empty(self) -> bool:
        """Whether no day lies in it: begun and ended on one day."""
        return self.valid_from >= self.valid_until

    def wire(self) -> dict[str, str | None]:
        """As it is written in answers."""
        return {
            "from": None if self.valid_from == BEGINNING else self.valid_from.isoformat(),
            "to": None if self.valid_until == END else (self.valid_until - timedelta(days=1)).isoformat(),
        }


def united(periods: Iterable[Period]) -> list[Period]:
    """The days that lie in any of the periods, as few stretches as they make; those that touch become one."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda one: one.valid_from):
        if period.is_empty():
            continue
        if joined and period.valid_from <= joined[-1].valid_until:
            last = joined.pop()
            joined.append(Period(last.valid_from, max(last.valid_until, period.valid_until)))
        else:
            joined.append(period)
    return joined


def covers(valid_from: Any, valid_until: Any, day: date) -> ColumnElement[bool]:
    """SQL: the period holds at the end of `day`."""
    return and_(valid_from <= day, valid_until > day)


def touches(valid_from: Any, valid_until: Any, first: date | None, last: date | None) -> ColumnElement[bool]:
    """SQL: the period shares a day with `first`..`last`, both included; an open end asks for nothing."""
    return and_(valid_from <= (last or END), valid_until > (first or BEGINNING))


def whole_years(first: date | None, last: date | None) -> tuple[int, int]:
    """The first and the last calendar year that lie within `first`..`last`; an open end asks for nothing."""
    begin, end = first or BEGINNING, last or END
    return (
        begin.year if (begin.month, begin.day) == (1, 1) else begin.year + 1,
        end.year if (end.month, end.day) == (12, 31) else end.year - 1,
    )


def refuse_overlaps(periods: Iterable[Period], pointer: str) -> None:
    """Refuse periods of one thing that overlap each other; raises Invalid."""
    ordered = sorted(periods, key=lambda period: period.valid_from)
    for before, after in pairwise(ordered):
        if before.overlaps(after):
            raise Invalid.field(pointer, "overlap", "Two periods of the same thing share days")
