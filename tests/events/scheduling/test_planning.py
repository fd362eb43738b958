"""Schedules of one-to-one meetings: no rule is ever broken, and what can be had is had."""

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_events.scheduling.board import Board
from klaster_events.scheduling.greedy import fill
from klaster_events.scheduling.planning import aims_of, fewest, heal, plan
from klaster_events.scheduling.problem import Forum, Person, Schedule, Wish, broken_rules, slots_in


@st.composite
def forums(draw: st.DrawFn, *, most_people: int = 9, most_wishes: int = 16, most_slots: int = 5) -> Forum:
    """Any forum, with people who never come, tables that are not there, and wishes that nobody can have."""
    slots = draw(st.integers(1, most_slots))
    people = draw(
        st.lists(
            st.builds(Person, st.integers(0, (1 << slots) - 1), st.none() | st.integers(0, slots)),
            min_size=1,
            max_size=most_people,
        )
    )
    numbers = st.integers(0, len(people) - 1)
    wishes = draw(st.lists(st.builds(Wish, numbers, numbers, st.integers(1, 5), st.booleans()), max_size=most_wishes))
    tables = draw(st.lists(st.integers(0, 3), min_size=slots, max_size=slots))
    held = draw(st.dictionaries(st.integers(0, max(0, len(wishes) - 1)), st.integers(0, slots - 1)))
    return Forum(people, wishes, tables, {wish: slot for wish, slot in held.items() if wish < len(wishes)})


def best_of(forum: Forum, number: int = 0, schedule: Schedule | None = None) -> int:
    """The worth of the best schedule there is, found by trying everything."""
    schedule = schedule or {}
    if number == len(forum.wishes):
        return sum(forum.wishes[wish].worth for wish in schedule)
    best = best_of(forum, number + 1, schedule)
    for slot in slots_in(forum.common(forum.wishes[number])):
        tried = {**schedule, number: slot}
        if not broken_rules(forum, tried):
            best = max(best, best_of(forum, number + 1, tried))
    return best


def crowd(*, slots: int, tables: int, people: int, wishes: int, seed: int = 1) -> Forum:
    """People who are free four fifths of the time, and pairs of them who want to meet."""
    chance = random.Random(seed)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < wishes:
        first, second = sorted(chance.sample(range(people), 2))
        pairs.add((first, second))
    free = [sum(1 << slot for slot in range(slots) if chance.random() < 0.8) for _ in range(people)]
    return Forum([Person(one) for one in free], [Wish(*pair) for pair in sorted(pairs)], [tables] * slots)


class TestPlan:
    @settings(max_examples=150, deadline=None)
    @given(forum=forums())
    def test_breaks_no_rule_and_explains_what_it_leaves_out(self, forum: Forum) -> None:
        made = plan(forum, seconds=0.02)
        assert broken_rules(forum, made.schedule) == []
        assert made.schedule.keys() | made.hindered.keys() == set(range(len(forum.wishes)))
        assert not made.schedule.keys() & made.hindered.keys()
        for wish, hindrance in made.hindered.items():
            first, second = forum.people[forum.wishes[wish].first], forum.people[forum.wishes[wish].second]
            assert (hindrance == "never_free_together") <= (first.free & second.free & forum.every_slot == 0)

    @settings(max_examples=60, deadline=None)
    @given(forum=forums(most_people=5, most_wishes=6, most_slots=3))
    def test_is_the_best_there_is_where_everything_can_be_tried(self, forum: Forum) -> None:
        fresh = replace(forum, held={})
        made = plan(fresh, seconds=0.2)
        assert sum(fresh.wishes[wish].worth for wish in made.schedule) == best_of(fresh)

    @settings(max_examples=100, deadline=None)
    @given(forum=forums())
    def test_is_never_worth_less_than_taking_wishes_one_by_one(self, forum: Forum) -> None:
        aims, board = aims_of(forum), Board(replace(forum, held={}))
        fill(board, aims.worth)
        fresh = replace(forum, held={})
        assert aims.of(fresh, plan(fresh, seconds=0.02).schedule) >= aims.of(fresh, board.schedule())

    def test_is_the_same_for_the_same_seed(self) -> None:
        forum = crowd(slots=6, tables=10, people=40, wishes=120)
        assert plan(forum, seconds=60).schedule == plan(forum, seconds=60).schedule

    def test_leaves_nobody_out_while_others_have_many(self) -> None:
        forum = crowd(slots=10, tables=12, people=60, wishes=300)
        met = Counter(
            person
            for wish in plan(forum, seconds=60).schedule
            for person in (forum.wishes[wish].first, forum.wishes[wish].second)
        )
        wished = {person for wish in forum.wishes for person in (wish.first, wish.second)}
        assert {met[person] > 0 for person in wished} == {True}


class TestPlanThatHeals:
    def test_takes_meetings_from_nobody_else_when_someone_goes_home_at_noon(self) -> None:
        forum = crowd(slots=10, tables=20, people=60, wishes=150)
        known = plan(forum, seconds=60).schedule
        gone = [*forum.people]
        gone[0] = Person(gone[0].free & 0b11111)
        made = plan(replace(forum, people=gone, held=known), seconds=60)
        theirs = {number for number, wish in enumerate(forum.wishes) if 0 in (wish.first, wish.second)}
        assert known.keys() - made.schedule.keys() <= theirs
        assert made.moved <= len({wish for wish in theirs if known.get(wish, 0) >= 5})

    def test_finds_another_slot_for_one_meeting_when_a_table_breaks(self) -> None:
        forum = crowd(slots=10, tables=10, people=60, wishes=90)
        known = plan(forum, seconds=60).schedule
        full = Counter(known.values()).most_common(1)[0][0]
        tables = [*forum.tables]
        tables[full] = Counter(known.values())[full] - 1
        made = plan(replace(forum, tables=tables, held=known), seconds=60)
        assert (len(made.schedule), made.moved) == (len(known), 1)

    def test_is_the_same_plan_when_nothing_has_changed(self) -> None:
        forum = crowd(slots=8, tables=9, people=50, wishes=150)
        known = plan(forum, seconds=60).schedule
        assert plan(replace(forum, held=known), seconds=60).moved == 0

    def test_takes_no_meeting_from_anybody_for_a_worthier_one(self) -> None:
        # Two tables in each slot, all taken; the one that breaks was the worthiest's, which stands last.
        people = [Person(0b11)] * 8
        wishes = [Wish(0, 1), Wish(2, 3), Wish(4, 5), Wish(6, 7, worth=5)]
        known = {0: 0, 1: 1, 2: 1, 3: 0}
        made = heal(Forum(people, wishes, [1, 2], known), first=4, seconds=60)
        assert (made.schedule, made.moved, made.hindered) == ({0: 0, 1: 1, 2: 1}, 0, {3: "no_table"})

    @settings(max_examples=60, deadline=None)
    @given(forum=forums(), first=st.integers(0, 16))
    def test_breaks_no_rule_whatever_waits_beside(self, forum: Forum, first: int) -> None:
        known = min(first, len(forum.wishes))
        held = {wish: slot for wish, slot in forum.held.items() if wish < known}
        made = heal(replace(forum, held=held), first=known, seconds=0.02)
        assert broken_rules(forum, made.schedule) == []
        assert made.schedule.keys() | made.hindered.keys() == set(range(len(forum.wishes)))


class TestFewest:
    def test_counts_only_people_who_could_have_a_meeting(self) -> None:
        people = [Person(0b11), Person(0b11), Person(0b01), Person(0b11, 0), Person(0)]
        forum = Forum(people, [Wish(0, 1), Wish(0, 2), Wish(0, 3), Wish(0, 4)], [1, 1])
        assert fewest(forum, {0: 1}) == 0
        assert fewest(forum, {0: 1, 1: 0}) == 1
        assert fewest(Forum([], [], []), {}) == 0
