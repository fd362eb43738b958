"""What scans say together: who came, who is inside, for how long. No database, no clock, no order of arrival.

Everything here takes a set of marks and sorts it by itself. That is what lets devices send late, twice and in any
order: the answer is that of the union of what they sent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Kind = Literal["entry", "exit"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A scan of one person at one list that stands: accepted, or refused for nothing but being a repetition.

    A repetition counts too. Which of two scans of one code was the repetition depends on which arrived first; if the
    other one is undone, this one still says that the person was there.
    """

    at: datetime
    kind: Kind
    nonce: str

    @property
    def place(self) -> tuple[datetime, str, str]:
        """Where it stands among the others: by time; at the same instant people come before they leave."""
        return self.at, self.kind, self.nonce


@dataclass(frozen=True, slots=True)
class AtDoor:
    """A person at one list."""

    entered: bool
    inside: bool


def at_door(marks: Collection[Mark]) -> AtDoor:
    """Whether somebody came through a door, and is behind it: the last mark decides."""
    if not marks:
        return AtDoor(entered=False, inside=False)
    return AtDoor(entered=True, inside=max(marks, key=_place).kind == "entry")


def is_repetition(mark: Mark, others: Collection[Mark], *, exits: bool) -> bool:
    """Whether a mark says what was known: a second entry, where leaving is scanned a second one without leaving.

    An exit without an entry is none: the entry may be on its way from a device without a network.
    """
    if mark.kind == "entry" and not exits:
        return bool(others)
    before = [other for other in others if other.place < mark.place]
    return bool(before) and max(before, key=_place).kind == mark.kind


def came_at(marks: Iterable[Mark]) -> datetime | None:
    """When somebody was first seen."""
    return min((mark.at for mark in marks), default=None)


def stays(marks: Collection[Mark]) -> list[tuple[datetime, datetime | None]]:
    """From when to when somebody was inside, the last stay open where no exit followed.

    Empty where nobody scanned an exit: entries alone do not say for how long.
    """
    if all(mark.kind == "entry" for mark in marks):
        return []
    found: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for mark in sorted(marks, key=_place):
        if mark.kind == "entry":
            since = since or mark.at
        elif since is not None:
            found.append((since, mark.at))
            since = None
    return [*found, (since, None)] if since is not None else found


def said(marks: Mapping[UUID, Sequence[Mark]], *, sessions: Mapping[UUID, UUID | None]) -> dict[str, Any] | None:
    """What all lists of an event say of a person, as attendance keeps it; None where nothing stands.

    `marks`: by list. `sessions`: the session of each list, None for doors of the whole event.
    """
    seen = {list_id: found for list_id, found in marks.items() if found}
    first = came_at(mark for found in seen.values() for mark in found)
    if first is None:
        return None
    timed = [stay for found in seen.values() for stay in stays(found)]
    return {
        "first": first.isoformat(),
        "stays": sorted([start.isoformat(), end.isoformat() if end else None] for start, end in timed),
        "sessions": sorted({str(session) for list_id in seen if (session := sessions[list_id]) is not None}),
    }


def _place(mark: Mark) -> tuple[datetime, str, str]:
    return mark.place
