"""What the list of series can be asked: its parameters, and the one query that list and figures share."""

from pydantic import Field
from sqlalchemy import ColumnElement, exists, select
from sqlmodel import col

from klaster_events.events.filters import ended_within
from klaster_events.events.models import Event
from klaster_events.series.models import Series
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters


class SeriesListParameters(PageParameters):
    """Filters of the list of series. Repeated parameters mean "or", different ones "and"."""

    counts_as: list[str] = Field([], max_length=50, description="Series that count as one of these")
    as_of: Day | None = Field(None, description="Running on this day")
    held_from: Day | None = Field(None, description="With at least one completed event that ended on or after")
    held_to: Day | None = Field(None, description="With at least one completed event that ended on or before")
    demonstration: bool | None = None


def conditions(asked: SeriesListParameters, *, counting: list[str] | None, zone: str) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for; `counting`: the codes behind `counts_as`."""
    found: list[ColumnElement[bool]] = []
    if counting is not None:
        found.append(col(Series.code).in_(counting))
    if asked.as_of is not None:
        found += [col(Series.starts_on) <= asked.as_of, col(Series.ends_on) >= asked.as_of]
    if asked.demonstration is not None:
        found.append(col(Series.demonstration).is_(asked.demonstration))
    if asked.held_from is not None or asked.held_to is not None:
        held = ended_within(asked.held_from, asked.held_to, zone)
        # One event that meets both ends: two different ones at either end would not do.
        of_series = (col(Event.series) == Series.code, col(Event.state) == "completed")
        found.append(exists(select(1).where(*of_series, *held)))
    return found
