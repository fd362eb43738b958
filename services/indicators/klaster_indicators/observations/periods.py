"""Which days an observation covers, and whether they are over."""

from dataclasses import dataclass
from datetime import date

from klaster_indicators.document.values import Period
from klaster_indicators.observations.schemas import ObservationCreate
from klaster_shared.errors import Invalid

WINDOW_YEARS = 3


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an observation, both included; a point is one day."""

    period: Period
    starts_on: date
    ends_on: date
    complete: bool


def span_of(given: ObservationCreate, *, period: Period, today: date) -> Span:
    """The days that were stated; raises Invalid where they do not fit the period, or lie ahead."""
    span = _year_span(given, period, today) if period in {"year", "window_3y"} else _day_span(given, period)
    if span.starts_on > today or (span.complete and span.ends_on > today):
        pointer = "/year" if given.year is not None else "/on"
        raise Invalid.field(pointer, "future", "An observation cannot be of a time that has not come")
    return span


def _year_span(given: ObservationCreate, period: Period, today: date) -> Span:
    if given.year is None or given.on is not None or given.since is not None:
        raise Invalid.field("/year", "period", f"A value for {period} states its year, and no day")
    first = given.year - (WINDOW_YEARS - 1 if period == "window_3y" else 0)
    end = date(given.year, 12, 31)
    return Span(period, date(first, 1, 1), end, complete=end < today)


def _day_span(given: ObservationCreate, period: Period) -> Span:
    if given.on is None or given.year is not None:
        raise Invalid.field("/on", "period", f"A value for {period} states its day, and no year")
    if given.since is not None and period == "point":
        raise Invalid.field("/since", "period", "A point has no first day")
    if given.since is not None and given.since > given.on:
        raise Invalid.field("/since", "period", "The sum begins after its last day")
    return Span(period, given.since or given.on, given.on, complete=True)
