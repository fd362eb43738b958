"""Whether a scan is let through. Rules alone: what is known is handed in, nothing is looked up.

All but repetition are judged by the scan, the list and the registration, whenever it arrives: the hour that counts is
the one at which it happened.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from klaster_events.checkin.presence import Kind, Mark, is_repetition
from klaster_events.checkin.reasons import Reason

_WITHOUT_SEAT: dict[str, Reason] = {
    "requested": "unapproved",
    "waiting": "blocked",
    "pending": "blocked",
    "offered": "blocked",
    "declined": "blocked",
    "cancelled": "canceled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A list, as far as it decides."""

    event_state: str
    opens_at: datetime
    closes_at: datetime
    exits: bool
    walk_ins: bool
    of_session: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comer:
    """Who stands at the door: `state` of the registration, None without one; `seated` in the list's session."""

    state: str | None
    seated: bool = False
    revoked: bool = False
    walked_in: bool = False


def refusal(
    *, kind: Kind, at: datetime, nonce: str, forced: bool, door: Door, comer: Comer | None, others: Collection[Mark]
) -> Reason | None:
    """Why a scan is refused; None: let through. What is forced happened: nothing refuses it but an unknown code.

    `comer`: None where the code is nobody's. `others`: what else stands of this person at this list.
    """
    if comer is None:
        return "invalid"
    if forced:
        return None
    found = _of_door(kind, at, door) or _of_comer(door, comer)
    if found is None and is_repetition(Mark(at, kind, nonce), others, exits=door.exits):
        return "already_redeemed"
    return found


def _of_door(kind: Kind, at: datetime, door: Door) -> Reason | None:
    if door.event_state in {"cancelled", "postponed"}:
        return "canceled"
    if door.event_state == "draft" or (kind == "exit" and not door.exits):
        return "rules"
    return None if door.opens_at <= at <= door.closes_at else "invalid_time"


def _of_comer(door: Door, comer: Comer) -> Reason | None:
    if comer.walked_in and door.walk_ins:
        return None
    if comer.revoked:
        return "revoked"
    if comer.state is None:
        return "rules"  # a walk-in, where none are let in
    return standing(comer.state) or ("rules" if door.of_session and not comer.seated else None)


def standing(state: str) -> Reason | None:
    """Why somebody with a registration in this state is refused; None where they have a seat."""
    return _WITHOUT_SEAT.get(state)
