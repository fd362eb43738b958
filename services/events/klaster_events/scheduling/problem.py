"""What is to be scheduled, and what a schedule is.

Slots are numbered from 0 in the order of time; sets of slots are integers whose bit `n` stands for slot `n`, so that
"when are both free" is one `&`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Slots = int


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who comes: when free, and how many meetings at most (None: as many as there are slots)."""

    free: Slots
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """An accepted request: two people, by their numbers, what it is worth, and whether it needs a table."""

    first: int
    second: int
    worth: int = 1
    at_a_table: bool = True


@dataclass(frozen=True, slots=True)
class Forum:
    """People, wishes, and the number of tables in each slot."""

    people: Sequence[Person]
    wishes: Sequence[Wish]
    tables: Sequence[int]
    held: Mapping[int, int] = field(default_factory=dict)  # by wish: the slot in which people know it to be

    @property
    def every_slot(self) -> Slots:
        return (1 << len(self.tables)) - 1

    def common(self, wish: Wish) -> Slots:
        """When both could meet, if nobody met anybody else."""
        if wish.first == wish.second:
            return 0
        both = self.people[wish.first].free & self.people[wish.second].free & self.every_slot
        if not wish.at_a_table:
            return both
        return both & sum(1 << slot for slot, tables in enumerate(self.tables) if tables > 0)


Schedule = dict[int, int]
"""The slot of each wish that has one."""


def slots_in(slots: Slots) -> list[int]:
    """The numbers of the slots in a set, in the order of time."""
    found = []
    while slots:
        low = slots & -slots
        found.append(low.bit_length() - 1)
        slots ^= low
    return found


def broken_rules(forum: Forum, schedule: Schedule) -> list[str]:
    """What a schedule does that none may do; empty for one that may be published."""
    broken: list[str] = []
    seated = [0] * len(forum.tables)
    met: set[tuple[int, int]] = set()
    meetings = [0] * len(forum.people)
    for number, slot in schedule.items():
        wish = forum.wishes[number]
        if not 0 <= slot < len(forum.tables):
            broken.append(f"wish {number} in no slot")
            continue
        seated[slot] += wish.at_a_table
        for person in (wish.first, wish.second):
            if not forum.people[person].free >> slot & 1:
                broken.append(f"person {person} is not free in slot {slot}")
            if (person, slot) in met:
                broken.append(f"person {person} is in two places in slot {slot}")
            met.add((person, slot))
            meetings[person] += 1
    broken += [f"slot {slot} has too few tables" for slot, count in enumerate(seated) if count > forum.tables[slot]]
    broken += [
        f"person {person} has too many meetings"
        for person, count in enumerate(meetings)
        if (most := forum.people[person].most) is not None and count > most
    ]
    return broken
