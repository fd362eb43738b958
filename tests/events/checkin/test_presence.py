"""What scans say together does not depend on the order, the parts or the repetitions in which they arrive."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_events.checkin.judging import Comer, Door, refusal
from klaster_events.checkin.presence import AtDoor, Kind, Mark, at_door, is_repetition, said, stays
from klaster_events.checkin.reasons import REASONS, Reason
from tests.examples import examples

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LISTS = [UUID(int=number) for number in range(1, 4)]
SESSION = UUID(int=77)
DOORS = {
    LISTS[0]: {"exits": False, "of_session": False},
    LISTS[1]: {"exits": True, "of_session": False},
    LISTS[2]: {"exits": True, "of_session": True},
}
SESSIONS = {LISTS[0]: None, LISTS[1]: None, LISTS[2]: SESSION}
COMERS = {
    1: Comer(state="confirmed", seated=True),
    2: Comer(state="confirmed"),
    3: Comer(state="waiting"),
    4: Comer(state="confirmed", seated=True, revoked=True),
    5: None,
}


def minute(number: float) -> datetime:
    return NINE + timedelta(minutes=number)


@dataclass(frozen=True)
class Sent:
    """What a device sends, or takes back by the nonce."""

    list_id: UUID
    who: int
    kind: Kind
    at: datetime
    forced: bool
    nonce: str


@dataclass
class Books:
    """What a service keeps: the first outcome of each nonce, and what was undone."""

    kept: dict[tuple[UUID, str], tuple[Sent, Reason | None]] = field(default_factory=dict)
    undone: set[tuple[UUID, str]] = field(default_factory=set)

    def receive(self, sent: Sent) -> Reason | None:
        key = (sent.list_id, sent.nonce)
        if key not in self.kept:
            door = Door(
                event_state="published", opens_at=minute(0), closes_at=minute(50), walk_ins=False, **DOORS[sent.list_id]
            )
            reason = refusal(
                kind=sent.kind,
                at=sent.at,
                nonce=sent.nonce,
                forced=sent.forced,
                door=door,
                comer=COMERS[sent.who],
                others=self.marks().get(sent.who, {}).get(sent.list_id, []),
            )
            self.kept[key] = (sent, reason)
        return self.kept[key][1]

    def undo(self, sent: Sent) -> None:
        self.undone.add((sent.list_id, sent.nonce))

    def marks(self) -> dict[int, dict[UUID, list[Mark]]]:
        found: dict[int, dict[UUID, list[Mark]]] = defaultdict(lambda: defaultdict(list))
        for key, (sent, reason) in self.kept.items():
            if key not in self.undone and reason in {None, "already_redeemed"}:
                found[sent.who][sent.list_id].append(Mark(sent.at, sent.kind, sent.nonce))
        return found

    def state(self) -> dict[str, Any]:
        """Who is present, who is inside, what everybody's attendance says."""
        marks = self.marks()
        return {
            "said": {who: what for who, lists in marks.items() if (what := said(lists, sessions=SESSIONS)) is not None},
            "doors": {
                list_id: (
                    sum(at_door(lists.get(list_id, [])).entered for lists in marks.values()),
                    sum(at_door(lists.get(list_id, [])).inside for lists in marks.values()),
                )
                for list_id in LISTS
            },
        }


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Sent], list[Sent]]:
    """The scans of a day, each under a nonce of its own, and those that are undone."""
    count = draw(st.integers(1, 14))
    scans = [
        Sent(
            list_id=draw(st.sampled_from(LISTS)),
            who=draw(st.sampled_from(sorted(COMERS))),
            kind=draw(st.sampled_from(get_args(Kind))),
            at=minute(draw(st.integers(-2, 8)) * 6),  # few instants: many scans at the same one
            forced=draw(st.integers(0, 5)) == 0,
            nonce=f"n{number}",
        )
        for number in range(count)
    ]
    return scans, draw(st.lists(st.sampled_from(scans), max_size=3, unique=True))


@st.composite
def arrivals(draw: st.DrawFn, scans: list[Sent], undone: list[Sent]) -> list[tuple[str, Sent]]:
    """One way for it all to arrive: spread over devices, each sending in an order of its own, some of it twice."""
    devices = draw(st.integers(1, 4))
    queues: list[list[tuple[str, Sent]]] = [[] for _ in range(devices)]
    for sent in draw(st.permutations(scans)):
        queue = queues[draw(st.integers(0, devices - 1))]
        queue.append(("scan", sent))
        if sent in undone:
            queue.append(("undo", sent))  # a device undoes what it has sent
        for again in range(devices):
            if draw(st.integers(0, 3)) == 0:
                queues[again].append(("scan", sent))
    order = draw(st.permutations([number for number, queue in enumerate(queues) for _ in queue]))
    return [queues[number].pop(0) for number in order]


def books_after(steps: list[tuple[str, Sent]]) -> Books:
    books = Books()
    for step, sent in steps:
        if step == "scan":
            books.receive(sent)
        else:
            books.undo(sent)
    return books


class TestUnion:
    @settings(max_examples=examples(400))
    @given(st.data())
    def test_is_reached_by_every_way_of_arriving(self, data: st.DataObject) -> None:
        scans, undone = data.draw(days())
        union = books_after([*(("scan", sent) for sent in scans), *(("undo", sent) for sent in undone)])
        one = books_after(data.draw(arrivals(scans, undone)))
        other = books_after(data.draw(arrivals(scans, undone)))
        assert one.state() == other.state() == union.state()

    @settings(max_examples=examples(100))
    @given(st.data())
    def test_is_not_moved_by_sending_everything_again(self, data: st.DataObject) -> None:
        scans, undone = data.draw(days())
        books = books_after(data.draw(arrivals(scans, undone)))
        before, verdicts = books.state(), {sent: books.receive(sent) for sent in scans}
        assert books.state() == before
        assert verdicts == {sent: books.receive(sent) for sent in reversed(scans)}


class TestAtDoor:
    def test_is_nobody_without_marks(self) -> None:
        assert at_door([]) == AtDoor(entered=False, inside=False)

    def test_goes_by_the_last_mark_whatever_comes_first(self) -> None:
        marks = [Mark(minute(5), "exit", "b"), Mark(minute(0), "entry", "a")]
        assert at_door(marks) == AtDoor(entered=True, inside=False)

    def test_has_people_come_before_they_leave_at_the_same_instant(self) -> None:
        marks = [Mark(minute(0), "exit", "a"), Mark(minute(0), "entry", "b")]
        assert not at_door(marks).inside


class TestRepetition:
    @pytest.mark.parametrize(
        ("kind", "others", "exits", "expected"),
        [
            ("entry", [], False, False),
            ("entry", [Mark(minute(9), "entry", "x")], False, True),
            ("entry", [Mark(minute(9), "entry", "x")], True, False),
            ("entry", [Mark(minute(1), "entry", "x")], True, True),
            ("entry", [Mark(minute(1), "entry", "x"), Mark(minute(2), "exit", "y")], True, False),
            ("exit", [], True, False),
            ("exit", [Mark(minute(1), "exit", "x")], True, True),
        ],
    )
    def test_is_what_was_known_at_that_time(self, kind: Kind, others: list[Mark], exits: bool, expected: bool) -> None:
        assert is_repetition(Mark(minute(5), kind, "n"), others, exits=exits) is expected


class TestStays:
    def test_pair_entries_with_exits_and_leave_the_last_open(self) -> None:
        steps: list[Kind] = ["entry", "entry", "exit", "exit", "entry"]
        marks = [Mark(minute(number), kind, str(number)) for number, kind in enumerate(steps)]
        assert stays(marks) == [(minute(0), minute(2)), (minute(4), None)]

    def test_are_unknown_where_nobody_scans_exits(self) -> None:
        assert stays([Mark(minute(0), "entry", "a"), Mark(minute(3), "entry", "b")]) == []


class TestReasons:
    def test_have_words_in_both_languages_each(self) -> None:
        assert set(REASONS) == set(get_args(Reason))
        assert all(words.message.pl and words.advice.en for words in REASONS.values())
