"""The agenda of one person: what they do from when to when, in the order of time. Pure, from what is handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from klaster_events.agenda.models import AgendaSession
from klaster_events.my_agenda.schemas import LineKind
from klaster_shared.labels import Language, label_text

_CERTAIN = frozenset({"taken", "scheduled", "took_place", "approved", "used"})
_BOOKED = frozenset({"requested", "approved", "used"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that one does from when to when."""

    kind: LineKind
    id: UUID
    title_pl: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    state: str
    online_url: str | None = None
    version: int
    updated_at: datetime

    @property
    def is_certain(self) -> bool:
        """Whether it takes place for this person, as far as anybody knows."""
        return self.state in _CERTAIN

    @property
    def is_optional(self) -> bool:
        """Whether it is only offered: a calendar of what one does leaves it out."""
        return self.state == "open"


def session_lines(sessions: Iterable[tuple[AgendaSession, str | None]]) -> list[Line]:
    """Sessions that one has a seat in, or wants one in, and those that are open to everybody."""
    return [
        Line(
            kind="session",
            id=one.id,
            title_pl=one.title_pl,
            title_en=one.title_en,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.room,
            state=chosen or "open",
            version=one.version,
            updated_at=one.updated_at,
        )
        for one, chosen in sessions
        if chosen is not None or one.capacity is None
    ]


def meeting_lines(meetings: Iterable[dict[str, Any]]) -> list[Line]:
    """One's own meetings that have a slot, as one of the two reads them."""
    return [
        Line(
            kind="meeting",
            id=one["id"],
            title_pl=f"Spotkanie: {whom(one)}",
            title_en=f"Meeting: {whom(one)}",
            starts_at=one["starts_at"],
            ends_at=one["ends_at"],
            place=", ".join(part for part in (one["table"]["code"], one["table"]["room"]) if part),
            state=one["state"],
            online_url=one["online_url"],
            version=one["version"],
            updated_at=one["updated_at"],
        )
        for one in meetings
        if one["starts_at"] is not None
    ]


def booking_lines(bookings: Iterable[dict[str, Any]]) -> list[Line]:
    """One's own bookings of laboratories and services, in both languages; none that came to nothing."""
    return [
        Line(
            kind="booking",
            id=one["id"],
            title_pl=one["resource"]["name"]["pl"],
            title_en=one["resource"]["name"]["en"],
            starts_at=one["starts_at"],
            ends_at=one["ends_at"],
            place=one["owner"]["name"],
            state=one["state"],
            version=one["version"],
            updated_at=one["updated_at"],
        )
        for one in bookings
        if one["state"] in _BOOKED
    ]


def whom(meeting: dict[str, Any]) -> str:
    """Whom one meets: by name where they are listed, and by entity; else by their kind of participant."""
    other = meeting["with"]
    entity = other["entity"]["name"] if other["entity"] else None
    return ", ".join(part for part in (other["name"], entity) if part) or str(other["kind"])


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By time."""
    return sorted(lines, key=lambda line: (line.starts_at, line.ends_at, line.kind, line.id))


def record_of(line: Line, language: Language) -> dict[str, Any]:
    """A line as it is written in answers."""
    return {
        "kind": line.kind,
        "id": line.id,
        "title": label_text(line.title_pl, line.title_en, language),
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "place": line.place,
        "online_url": line.online_url,
        "state": line.state,
    }


def overlapping(lines: Sequence[Line]) -> set[UUID]:
    """Those of the lines one is certain to be at that fall into another: nobody is in two places."""
    certain = [line for line in in_order(lines) if line.is_certain]
    found: set[UUID] = set()
    for place, line in enumerate(certain):
        others = (other for other in certain[place + 1 :] if other.starts_at < line.ends_at)
        found |= {one.id for other in others for one in (line, other)}
    return found
