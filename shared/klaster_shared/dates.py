"""Days and years as people mean them: partial dates, and the cluster's own midnight."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_NUMBER = re.compile(r"^\s*[-+]?[0-9_.]+(e[-+]?[0-9]+)?\s*$", re.IGNORECASE)


def utc_now() -> datetime:
    """The clock, in one place: operations are handed its value."""
    return datetime.now(UTC)


def today_in(zone: str, now: datetime) -> date:
    """The calendar day at `now` in `zone`."""
    return now.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def earliest(partial: str) -> date:
    """The first day that a partial date (`2020`, `2020-03`, `2020-03-01`) can mean; ValueError if it is none."""
    year, month, day = _parts(partial)
    return date(year, month or 1, day or 1)


def latest(partial: str) -> date:
    """The last day that a partial date can mean."""
    year, month, day = _parts(partial)
    last_month = month or 12
    return date(year, last_month, day or monthrange(year, last_month)[1])


def _parts(partial: str) -> tuple[int, int | None, int | None]:
    match = _PARTIAL.match(partial)
    if not match:
        raise ValueError("write a date as 2020, 2020-03 or 2020-03-01")
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def _check(partial: str) -> str:
    earliest(partial)
    return partial


PartialDate = Annotated[
    str, AfterValidator(_check), Field(pattern=_PARTIAL.pattern, examples=["2020", "2020-03", "2020-03-01"])
]
"""A date known to the year, the month or the day."""


def _written(value: object) -> object:
    """Numbers are no dates here, though the library takes them for seconds since 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.match(value)):
        raise PydanticCustomError("date_format", "write a date as 2020-03-01, a time as 2020-03-01T08:30:00Z")
    return value


Day = Annotated[date, BeforeValidator(_written)]
"""A calendar day, as whoever calls writes it."""
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""An instant with its offset, as whoever calls writes it."""
