"""A schedule in the making: every rule holds after every move."""

from klaster_events.scheduling.problem import Forum, Schedule

NOWHERE = -1


class Board:
    """Who meets whom in which slot, kept so that asking what is free costs one operation on integers."""

    def __init__(self, forum: Forum) -> None:
        people, slots = len(forum.people), len(forum.tables)
        self.forum = forum
        self.pairs = [(wish.first, wish.second) for wish in forum.wishes]
        self.common = [forum.common(wish) for wish in forum.wishes]
        self.at_a_table = [wish.at_a_table for wish in forum.wishes]
        self.slot_of = [NOWHERE] * len(forum.wishes)
        self.busy = [0] * people
        self.meeting = [[NOWHERE] * slots for _ in range(people)]
        self.count = [0] * people
        self.most = [slots if one.most is None else one.most for one in forum.people]
        self.seated: list[list[int]] = [[] for _ in range(slots)]
        self._seat = [0] * len(forum.wishes)
        self.full = sum(1 << slot for slot, tables in enumerate(forum.tables) if tables <= 0)

    def open_slots(self, wish: int) -> int:
        """Where a wish can be put without moving anybody."""
        first, second = self.pairs[wish]
        if self.count[first] >= self.most[first] or self.count[second] >= self.most[second]:
            return 0
        free = self.common[wish] & ~(self.busy[first] | self.busy[second])
        return free & ~self.full if self.at_a_table[wish] else free

    def put(self, wish: int, slot: int) -> None:
        """Put a wish where `open_slots` says it can be."""
        bit = 1 << slot
        for person in self.pairs[wish]:
            self.busy[person] |= bit
            self.meeting[person][slot] = wish
            self.count[person] += 1
        self.slot_of[wish] = slot
        if self.at_a_table[wish]:
            seated = self.seated[slot]
            self._seat[wish] = len(seated)
            seated.append(wish)
            if len(seated) >= self.forum.tables[slot]:
                self.full |= bit

    def take(self, wish: int) -> int:
        """Take a wish out of its slot, and say which it was."""
        slot = self.slot_of[wish]
        bit = 1 << slot
        for person in self.pairs[wish]:
            self.busy[person] &= ~bit
            self.meeting[person][slot] = NOWHERE
            self.count[person] -= 1
        self.slot_of[wish] = NOWHERE
        if self.at_a_table[wish]:
            seated = self.seated[slot]
            last = seated.pop()
            if last != wish:  # the last one takes its place in the list, whose order means nothing
                seated[self._seat[wish]] = last
                self._seat[last] = self._seat[wish]
            self.full &= ~bit
        return slot

    def schedule(self) -> Schedule:
        """The slot of each wish that has one."""
        return {wish: slot for wish, slot in enumerate(self.slot_of) if slot != NOWHERE}
