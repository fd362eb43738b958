"""Slots of an edition, from its windows: pure, the one place that knows when meetings can begin.

Windows are local by day of the event; slots are moments in UTC, in the order of time, and known by their beginning.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Window = Mapping[str, Any]
"""`{"day": 1, "from": "09:00", "until": "12:30"}`: the first day is that on which the event begins."""
Span = tuple[datetime, datetime]
"""From when to when, in UTC."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time in which two can meet."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The event that the windows are of."""

    starts_at: datetime
    ends_at: datetime
    zone: str


def spans_of(windows: Iterable[Window], days: Days) -> list[Span]:
    """Windows as moments, in order; those that touch or overlap are one."""
    zone = ZoneInfo(days.zone)
    first = days.starts_at.astimezone(zone).date()
    found: list[Span] = []
    for window in windows:
        day = first + timedelta(days=window["day"] - 1)
        begin, end = (
            datetime.combine(day, time.fromisoformat(window[name]), zone).astimezone(UTC) for name in ("from", "until")
        )
        if begin < end:
            found.append((begin, end))
    return _joined(sorted(found))


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def slots_of(windows: Iterable[Window], days: Days, *, slot_minutes: int, break_minutes: int) -> list[Slot]:
    """The slots within a window and within the event. Windows that touch are one, and each begins with a slot."""
    length, pause = timedelta(minutes=slot_minutes), timedelta(minutes=break_minutes)
    found: list[Slot] = []
    for begin, end in spans_of(windows, days):
        many = max(0, (end - begin + pause) // (length + pause))
        starts = [begin + number * (length + pause) for number in range(many)]
        found += [Slot(start, start + length) for start in starts]
    return [slot for slot in found if days.starts_at <= slot.starts_at and slot.ends_at <= days.ends_at]


def within(slots: Iterable[Slot], windows: Sequence[Window] | None, days: Days) -> list[Slot]:
    """The slots that lie wholly within these windows; all of them where there are none to keep to."""
    if windows is None:
        return list(slots)
    spans = spans_of(windows, days)
    return [slot for slot in slots if any(begin <= slot.starts_at and slot.ends_at <= end for begin, end in spans)]


def apart_from(slots: Iterable[Slot], busy: Iterable[Span]) -> list[Slot]:
    """The slots that nothing of this falls into."""
    taken = list(busy)
    return [slot for slot in slots if not any(begin < slot.ends_at and slot.starts_at < end for begin, end in taken)]
