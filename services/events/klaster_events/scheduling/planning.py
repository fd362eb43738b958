"""A whole schedule: as many wishes as can be, the worthiest first, nobody left out, and what is known stays."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal

from klaster_events.scheduling.board import NOWHERE, Board
from klaster_events.scheduling.chains import Aims, Walk
from klaster_events.scheduling.greedy import fill
from klaster_events.scheduling.problem import Forum, Schedule

Hindrance = Literal["same_person", "never_free_together", "no_table", "most_reached", "met_elsewhere"]
_FINE = 1000  # parts of a wish, so that what only decides between equals weighs less than a wish


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule, why each wish without a slot has none, and how many known meetings had to move."""

    schedule: Schedule
    hindered: dict[int, Hindrance]
    moved: int


def aims_of(forum: Forum) -> Aims:
    """A wish counts before everything; a first meeting is worth nearly half of one more; staying decides among equals.

    Two people's first meeting together stay below the least wish, so that fairness never makes meetings fewer.
    """
    least = min((wish.worth for wish in forum.wishes), default=1)
    return Aims(
        worth=[wish.worth * _FINE for wish in forum.wishes],
        first=(least * _FINE) // 2 - 1,
        stay=(least * _FINE) // 20,
    )


def plan(forum: Forum, *, seconds: float, seed: int = 1, cancelled: Callable[[int], bool] = lambda best: False) -> Plan:
    """A schedule made within `seconds`; the same seed and enough time give the same one.

    cancelled  asked now and then with the worth of the best schedule so far; when true, that schedule is the answer
    """
    aims, board, until = aims_of(forum), Board(forum), monotonic() + seconds
    for wish, slot in sorted(forum.held.items()):
        if board.open_slots(wish) >> slot & 1:
            board.put(wish, slot)
    fill(board, aims.worth)
    schedule = Walk(board, aims, seed=seed).run(lambda best: monotonic() >= until or cancelled(best))
    moved = sum(wish in schedule and schedule[wish] != slot for wish, slot in forum.held.items())
    return Plan(schedule, hindrances(forum, schedule), moved)


def heal(forum: Forum, *, first: int, seconds: float, seed: int = 1) -> Plan:
    """A schedule in which little moves: the `first` wishes are placed as in `plan`, the rest where room is left.

    Those wait already, and nobody who knows their slot moves for them. Nor does anybody lose theirs to a worthier wish:
    all that have one are worth the same here.
    """
    known = Forum(forum.people, [replace(wish, worth=1) for wish in forum.wishes[:first]], forum.tables, forum.held)
    made, board = plan(known, seconds=seconds, seed=seed), Board(forum)
    for wish, slot in made.schedule.items():
        board.put(wish, slot)
    fill(board, aims_of(forum).worth)
    return Plan(board.schedule(), hindrances(forum, board.schedule()), made.moved)


def hindrances(forum: Forum, schedule: Schedule) -> dict[int, Hindrance]:
    """Why a wish has no slot, for each that has none: the first reason that would hold had others stayed away."""
    board = Board(forum)
    for wish, slot in schedule.items():
        board.put(wish, slot)
    return {wish: _hindrance(board, wish) for wish, slot in enumerate(board.slot_of) if slot == NOWHERE}


def fewest(forum: Forum, schedule: Schedule) -> int:
    """How many meetings the person with the fewest has, of all who could have one: the floor of fairness."""
    could = {person: 0 for wish in forum.wishes if forum.common(wish) for person in (wish.first, wish.second)}
    could = {person: 0 for person in could if forum.people[person].most != 0}
    for number in schedule:
        for person in (forum.wishes[number].first, forum.wishes[number].second):
            could[person] = could.get(person, 0) + 1
    return min(could.values(), default=0)


def _hindrance(board: Board, number: int) -> Hindrance:
    wish = board.forum.wishes[number]
    first, second = wish.first, wish.second
    if first == second:
        return "same_person"
    both = board.forum.people[first].free & board.forum.people[second].free & board.forum.every_slot
    if not both:
        return "never_free_together"
    if board.count[first] >= board.most[first] or board.count[second] >= board.most[second]:
        return "most_reached"
    if both & ~(board.busy[first] | board.busy[second]):
        return "no_table"
    return "met_elsewhere"
