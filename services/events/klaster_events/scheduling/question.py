"""What the planning process is asked and answers, as JSON. Both sides read this module, and it loads nothing heavy."""

import json
from dataclasses import dataclass
from typing import Any

from klaster_events.scheduling.planning import Plan
from klaster_events.scheduling.problem import Forum, Person, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A forum to plan, and for how long.

    first          in a plan that heals: how many of the wishes have a slot that people know; None: a whole plan
    bound_seconds  how long to look for the best there could be; 0: not at all
    """

    forum: Forum
    seconds: float
    first: int | None = None
    bound_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A plan, what it is worth, the least meetings of anybody who could have one, and the bound, if asked for."""

    plan: Plan
    worth: int
    fewest: int
    bound: float | None


def write_question(asked: Question) -> bytes:
    """As bytes; sets of slots are whole numbers of any length."""
    forum = asked.forum
    said = {
        "people": [[one.free, one.most] for one in forum.people],
        "wishes": [[one.first, one.second, one.worth] for one in forum.wishes],
        "tables": list(forum.tables),
        "held": list(forum.held.items()),
        "seconds": asked.seconds,
        "first": asked.first,
        "bound_seconds": asked.bound_seconds,
    }
    return json.dumps(said).encode()


def read_question(text: bytes) -> Question:
    """What `write_question` wrote."""
    said: dict[str, Any] = json.loads(text)
    people = [Person(free, most) for free, most in said["people"]]
    forum = Forum(people, [Wish(*one) for one in said["wishes"]], said["tables"], dict(said["held"]))
    return Question(forum=forum, seconds=said["seconds"], first=said["first"], bound_seconds=said["bound_seconds"])


def write_answer(given: Answer) -> bytes:
    """As bytes."""
    plan = given.plan
    said = {
        "schedule": list(plan.schedule.items()),
        "hindered": list(plan.hindered.items()),
        "moved": plan.moved,
        "worth": given.worth,
        "fewest": given.fewest,
        "bound": given.bound,
    }
    return json.dumps(said).encode()


def read_answer(text: bytes) -> Answer:
    """What `write_answer` wrote."""
    said: dict[str, Any] = json.loads(text)
    plan = Plan(dict(said["schedule"]), dict(said["hindered"]), said["moved"])
    return Answer(plan=plan, worth=said["worth"], fewest=said["fewest"], bound=said["bound"])
