"""How long somebody took part, and who says so. Pure: what scans and sheets say is handed in.

In this order: entries and exits that were scanned, within the hours of the event; what a sheet says; the sessions that
somebody was scanned at; the length of the event, which is that of its sessions where it has an agenda.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Source = Literal["scans", "sheet", "sessions", "event"]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Timetable:
    """When an event takes place, and each of its sessions."""

    event: Span
    sessions: Mapping[UUID, Span]

    @property
    def taught(self) -> Sequence[Span]:
        """When something was on: breaks and nights between sessions are no time that somebody took part."""
        return tuple(self.sessions.values()) or (self.event,)


def time_of(*, scanned: Mapping[str, Any] | None, on_sheet: int | None, timetable: Timetable) -> tuple[int, Source]:
    """Minutes of somebody who was present, and where they come from."""
    stays = [_within(stay, timetable.event) for stay in (scanned or {}).get("stays", ())]
    if stays:
        return _minutes(stays), "scans"
    if on_sheet is not None:
        return on_sheet, "sheet"
    visited = [UUID(one) for one in (scanned or {}).get("sessions", ())]
    known = [timetable.sessions[one] for one in visited if one in timetable.sessions]
    if known:
        return _minutes(known), "sessions"
    return _minutes(timetable.taught), "event"


def _within(stay: Sequence[str | None], event: Span) -> Span:
    """A stay as far as it lies within the event; one without an exit lasts to the end."""
    start, end = stay
    came = datetime.fromisoformat(str(start))
    left = datetime.fromisoformat(end) if end is not None else event[1]
    return max(came, event[0]), min(left, event[1])


def _minutes(spans: Iterable[Span]) -> int:
    """The time that these cover together: what overlaps counts once."""
    seconds = 0.0
    until: datetime | None = None
    for start, end in sorted(spans):
        begin = start if until is None else max(start, until)
        if end > begin:
            seconds += (end - begin).total_seconds()
            until = end
    return int(seconds // 60)
