"""The slot grid of a resource: opening hours on its own clock become instants. Pure.

A day on which the clock is put on or back has the slots that it really has.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
Slot = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What slots follow from."""

    zone: str
    hours: Iterable[Mapping[str, Any]]
    slot_minutes: int

    def slots(self, first: date, last: date) -> Iterator[Slot]:
        """The slots that begin in the opening hours of these days, in order of time."""
        day = first
        while day <= last:
            spans = sorted(self._span(day, one) for one in self.hours if one["weekday"] == day.isoweekday())
            for opens, closes in spans:
                yield from self._within(opens, closes)
            day += timedelta(days=1)

    def covers(self, starts_at: datetime, ends_at: datetime) -> int:
        """How many slots, one right after the other, make up this time; 0 where none do."""
        zone = ZoneInfo(self.zone)
        # A day to either side: a slot may end at midnight, or in the next day's first hour when the clock is put on.
        first, last = (moment.astimezone(zone).date() for moment in (starts_at, ends_at))
        ends = dict(self.slots(first - timedelta(days=1), last))
        moment, count = starts_at, 0
        while moment < ends_at and moment in ends:
            moment, count = ends[moment], count + 1
        return count if moment == ends_at else 0

    def _span(self, day: date, hours: Mapping[str, Any]) -> Slot:
        return self._instant(day, hours["from"]), self._instant(day, hours["to"])

    def _instant(self, day: date, clock: str) -> datetime:
        hour, minute = (int(part) for part in clock.split(":"))
        at = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24, minute), tzinfo=ZoneInfo(self.zone))
        return at.astimezone(UTC)

    def _within(self, opens: datetime, closes: datetime) -> Iterator[Slot]:
        step = timedelta(minutes=self.slot_minutes)
        while opens + step <= closes:
            yield opens, opens + step
            opens += step


def quarters(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The quarters of an hour that a time takes up."""
    found = []
    while starts_at < ends_at:
        found.append(starts_at)
        starts_at += QUARTER
    return found


def on_the_quarter(moment: datetime) -> bool:
    """Whether a quarter of an hour begins then; the same on every clock of the world."""
    return moment.timestamp() % QUARTER.total_seconds() == 0
