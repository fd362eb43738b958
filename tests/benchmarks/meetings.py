"""Scheduling one-to-one meetings: how many are placed of those that could be, how soon, and what one change moves.

The bound is a linear program's, which no schedule can exceed. Beside the plan: taking requests one by one, and the
best matching of each slot in turn (rustworkx).
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

import rustworkx

from klaster_events.scheduling.board import Board
from klaster_events.scheduling.bound import upper_bound
from klaster_events.scheduling.greedy import fill
from klaster_events.scheduling.planning import aims_of, fewest, plan
from klaster_events.scheduling.problem import Forum, Person, Schedule, Wish

PEOPLE, WISHES = 500, 2_500
FREE = 0.8  # how likely somebody is free in a slot
SECONDS, WEIGHTED_SECONDS = 2.0, 5.0  # how long a plan may take; where requests are worth differently
HEALING_SECONDS = 1.0
BOUND_SECONDS = 60.0
PART = """## One-to-one meetings

{people} people who are free in {free:.0%} of the slots, {wishes:,} accepted requests. A plan has {seconds:g} s, one of
requests that are worth differently (1 to 4) {weighted:g} s, one that heals {healing:g} s. The bound is a linear
program's: no schedule is worth more. "Fewest" is how many meetings whoever has fewest has, of all who could have one.

| slots | tables | worth | one by one | matching per slot | plan | bound | of the bound | of one by one | fewest | s |
|---|---|---|---|---|---|---|---|---|---|---|
{plans}

One change to a plan that people know:

| slots | tables | what changes | before | hit | after | moved | s |
|---|---|---|---|---|---|---|---|
{changes}
"""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Planned:
    """What planning one forum came to: the worth of each schedule, and seconds."""

    slots: int
    tables: int
    weighted: bool
    one_by_one: int
    matching: int | None
    plan: int
    bound: float
    fewest: int
    seconds: float


@dataclass(frozen=True)
class Changed:
    """What one change did to a plan: meetings before and after, those that could not stay, those that moved."""

    slots: int
    tables: int
    what: str
    before: int
    hit: int
    after: int
    moved: int
    seconds: float


@dataclass(frozen=True)
class MeetingFigures:
    """What scheduling came to."""

    plans: list[Planned] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)


def measure(*, say: Say) -> MeetingFigures:
    """Each forum is planned once: the same seed gives the same schedule, as far as the time reaches."""
    figures = MeetingFigures()
    for slots, tables in ((20, 60), (20, 125), (10, 250)):
        for weighted in (False, True):
            say(f"meetings: {slots} slots, {tables} tables{', worth 1 to 4' if weighted else ''}")
            forum = crowd(slots=slots, tables=tables, weighted=weighted)
            seconds = WEIGHTED_SECONDS if weighted else SECONDS
            begun = perf_counter()
            made = plan(forum, seconds=seconds).schedule
            took = perf_counter() - begun
            figures.plans.append(_planned(forum, made, took, weighted=weighted))
            if not weighted:
                figures.changes.extend(_changes(forum, made))
    return figures


def meetings_part(figures: MeetingFigures) -> str:
    """The part of the page in Markdown."""
    plans = [
        f"| {one.slots} | {one.tables} | {'1 to 4' if one.weighted else '1'} | {one.one_by_one:,} "
        f"| {f'{one.matching:,}' if one.matching is not None else ''} | {one.plan:,} | {one.bound:,.1f} "
        f"| {one.plan / one.bound:.4f} | {one.plan / one.one_by_one:.3f} | {one.fewest} | {one.seconds:.2f} |"
        for one in figures.plans
    ]
    changes = [
        f"| {one.slots} | {one.tables} | {one.what} | {one.before:,} | {one.hit} | {one.after:,} | {one.moved} "
        f"| {one.seconds:.2f} |"
        for one in figures.changes
    ]
    return PART.format(
        people=PEOPLE,
        free=FREE,
        wishes=WISHES,
        seconds=SECONDS,
        weighted=WEIGHTED_SECONDS,
        healing=HEALING_SECONDS,
        plans="\n".join(plans),
        changes="\n".join(changes),
    )


def crowd(*, slots: int, tables: int, weighted: bool, seed: int = 1) -> Forum:
    """People, each free in most slots, and pairs of them who want to meet."""
    chance = random.Random(seed)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < WISHES:
        first, second = sorted(chance.sample(range(PEOPLE), 2))
        pairs.add((first, second))
    people = [Person(sum(1 << slot for slot in range(slots) if chance.random() < FREE)) for _ in range(PEOPLE)]
    wishes = [Wish(*pair, chance.randint(1, 4) if weighted else 1) for pair in sorted(pairs)]
    return Forum(people, wishes, [tables] * slots)


def _planned(forum: Forum, made: Schedule, took: float, *, weighted: bool) -> Planned:
    board = Board(forum)
    fill(board, aims_of(forum).worth)
    worths = [wish.worth for wish in forum.wishes]
    return Planned(
        slots=len(forum.tables),
        tables=forum.tables[0],
        weighted=weighted,
        one_by_one=_worth(forum, board.schedule()),
        matching=None if weighted else _worth(forum, matched(forum)),
        plan=_worth(forum, made),
        bound=upper_bound(forum, worths, seconds=BOUND_SECONDS),
        fewest=fewest(forum, made),
        seconds=took,
    )


def _worth(forum: Forum, schedule: Schedule) -> int:
    return sum(forum.wishes[wish].worth for wish in schedule)


def matched(forum: Forum) -> Schedule:
    """The largest matching of each slot in turn, those with few slots left first."""
    schedule: Schedule = {}
    common = [forum.common(wish) for wish in forum.wishes]
    for slot, tables in enumerate(forum.tables):
        pairs: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
        pairs.add_nodes_from(range(len(forum.people)))
        at: dict[tuple[int, int], int] = {}
        for number, wish in enumerate(forum.wishes):
            if number not in schedule and common[number] >> slot & 1:
                left = (common[number] >> slot).bit_count()
                pairs.add_edge(wish.first, wish.second, 1000 - 10 * left)
                at[wish.first, wish.second] = number
        found = rustworkx.max_weight_matching(pairs, max_cardinality=True, weight_fn=lambda worth: worth)
        chosen = [at[min(one, other), max(one, other)] for one, other in found]
        chosen.sort(key=lambda number: (common[number] >> slot).bit_count())
        schedule |= dict.fromkeys(chosen[:tables], slot)
    return schedule


def _changes(forum: Forum, known: Schedule) -> Iterator[Changed]:
    """Somebody with many meetings goes home at noon; a table breaks for the whole day."""
    counted = Counter(person for wish in known for person in (forum.wishes[wish].first, forum.wishes[wish].second))
    [(busiest, _)] = counted.most_common(1)
    noon = len(forum.tables) // 2
    people = [*forum.people]
    people[busiest] = Person(people[busiest].free & ((1 << noon) - 1))
    hit = sum(slot >= noon and busiest in _pair(forum, wish) for wish, slot in known.items())
    yield _changed(replace(forum, people=people, held=known), "the busiest leaves at noon", hit)
    tables = [tables - 1 for tables in forum.tables]
    hit = sum(count > tables[slot] for slot, count in Counter(known.values()).items())
    yield _changed(replace(forum, tables=tables, held=known), "a table breaks", hit)


def _pair(forum: Forum, wish: int) -> tuple[int, int]:
    return forum.wishes[wish].first, forum.wishes[wish].second


def _changed(forum: Forum, what: str, hit: int) -> Changed:
    begun = perf_counter()
    made = plan(forum, seconds=HEALING_SECONDS)
    took = perf_counter() - begun
    before, after = len(forum.held), len(made.schedule)
    return Changed(len(forum.tables), forum.tables[0], what, before, hit, after, made.moved, took)
