"""The life of an entity in the register: which step may follow which, and on what day. No database, no web."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

Registration = Literal["none", "applied", "registered", "rejected", "left", "merged"]
Step = Literal["apply", "register", "reject", "withdraw", "leave"]

STATES: tuple[Registration, ...] = get_args(Registration)
STEPS: tuple[Step, ...] = get_args(Step)

_ALLOWED: Mapping[Step, Mapping[Registration, Registration]] = MappingProxyType(
    {
        # A rejected or departed organisation may try again: it is the same entity, and keeps its number.
        "apply": {"none": "applied", "rejected": "applied", "left": "applied"},
        "register": {"applied": "registered"},
        "reject": {"applied": "rejected"},
        "withdraw": {"applied": "none"},
        "leave": {"registered": "left"},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the rules look at: the present state and since when, and when the organisation itself began and ended."""

    state: Registration
    since: date | None
    founded: date | None = None
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step may not be taken: a code for programs, a sentence for people."""

    code: Literal["wrong_state", "in_the_future", "before_last_step", "before_founded", "after_closed"]
    sentence: str


def next_state(life: Life, step: Step, *, on: date, today: date) -> Registration | Refusal:
    """The state after `step` on the day `on`, or why it may not be taken.

    A step is refused from a state it does not follow, on a day to come, before the step that led to the present
    state, and (for `apply` and `register`) outside the organisation's own life.
    """
    following = _ALLOWED[step].get(life.state)
    if following is None:
        allowed = " or ".join(sorted(_ALLOWED[step]))
        return Refusal("wrong_state", f"`{step}` follows {allowed}; this entity is {life.state}")
    if on > today:
        return Refusal("in_the_future", f"{on} is still to come")
    if life.since is not None and on < life.since:
        return Refusal("before_last_step", f"It has been {life.state} since {life.since}")
    if step in {"apply", "register"}:
        return _outside_life(life, on) or following
    return following


def _outside_life(life: Life, on: date) -> Refusal | None:
    if life.founded is not None and on < life.founded:
        return Refusal("before_founded", f"It was founded on {life.founded} at the earliest")
    if life.closed is not None and on > life.closed:
        return Refusal("after_closed", f"It was closed on {life.closed} at the latest")
    return None
