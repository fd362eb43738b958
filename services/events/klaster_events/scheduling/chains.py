"""Ejection chains: a wish without a slot pushes others out of one, they look for another, and so on.

The classic of timetabling (F. Glover, "Ejection chains, reference structures and alternating path methods", Discrete
Applied Mathematics 65, 1996), as a walk: a move that loses nothing is taken, what it pushed out and could not put
elsewhere waits for its turn, and may not return to where it was for a while. The best schedule seen is the answer.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from klaster_events.scheduling.board import NOWHERE, Board
from klaster_events.scheduling.problem import Forum, Schedule, slots_in

_TENURE = 12  # moves for which what was pushed out may not return
_LOOKED_AT = 8  # of those who sit at the tables of a full slot
_SOMETIMES = 0.01  # a move that loses something, so that the walk leaves a corner
_GOES_ON = 0.95  # how often the next move goes on where the last one left somebody alone
_PATIENCE = (1000, 24)  # moves without anything better: so many, and so many for each wish
_GLANCE = 256  # moves between two looks at the clock


@dataclass(frozen=True, slots=True)
class Aims:
    """What a schedule is worth: its wishes, `first` for each person who has any meeting, `stay` for each that stays."""

    worth: Sequence[int]
    first: int = 0
    stay: int = 0

    def of(self, forum: Forum, schedule: Schedule) -> int:
        """What a schedule is worth in all."""
        met = {person for wish in schedule for person in (forum.wishes[wish].first, forum.wishes[wish].second)}
        stayed = sum(forum.held.get(wish) == slot for wish, slot in schedule.items())
        return sum(self.worth[wish] for wish in schedule) + self.first * len(met) + self.stay * stayed


class Walk:
    """One walk from the schedule on the board."""

    def __init__(self, board: Board, aims: Aims, *, seed: int) -> None:
        self._board, self._aims = board, aims
        self._random = random.Random(seed)  # noqa: S311 # no secret depends on it
        self._held = board.forum.held
        self._waiting = [n for n, slot in enumerate(board.slot_of) if slot == NOWHERE and board.common[n]]
        self._place = {wish: place for place, wish in enumerate(self._waiting)}
        self._of: list[list[int]] = [[] for _ in board.busy]
        for wish, (first, second) in enumerate(board.pairs):
            if board.common[wish]:
                self._of[first].append(wish)
                self._of[second].append(wish)
        self._freed = NOWHERE
        self._barred: list[dict[int, int]] = [{} for _ in board.slot_of]
        self._moves = 0
        self.value = self.best = aims.of(board.forum, board.schedule())
        self._best = list(board.slot_of)

    def run(self, enough: Callable[[int], bool]) -> Schedule:
        """The best schedule found until nobody waits, it is `enough`, or long nothing better was found.

        enough  asked now and then, with the worth of the best schedule so far
        """
        found, patience = 0, _PATIENCE[0] + _PATIENCE[1] * len(self._best)
        while self._waiting and self._moves - found < patience:
            if self._moves % _GLANCE == 0 and enough(self.best):
                break
            self._moves += 1
            self._move()
            if self.value > self.best:
                self.best, self._best, found = self.value, list(self._board.slot_of), self._moves
        return {wish: slot for wish, slot in enumerate(self._best) if slot != NOWHERE}

    def _move(self) -> None:
        wish = self._next()
        slot, victims, cost = self._cheapest(wish)
        gain = self._gain(wish, slot) if slot != NOWHERE else 0
        if slot == NOWHERE or (gain < cost and self._random.random() > _SOMETIMES):
            return
        self._stop_waiting(wish)
        before = [(victim, self._take(victim)) for victim in victims]
        self._put(wish, slot)
        for victim, left in before:
            self._barred[victim][left] = self._moves + _TENURE + self._random.randrange(_TENURE)
            elsewhere = self._board.open_slots(victim) & ~(1 << left)
            if elsewhere:
                self._put(victim, self._preferred(victim, elsewhere))
            else:
                self._place[victim] = len(self._waiting)
                self._waiting.append(victim)
                self._freed = self._other(victim, wish)

    def _next(self) -> int:
        """A wish that waits: of whom the last move left alone, who goes on with the chain, or anybody's."""
        person, self._freed = self._freed, NOWHERE
        if person != NOWHERE and self._random.random() < _GOES_ON:
            slot_of, open_slots = self._board.slot_of, self._board.open_slots
            waiting = [wish for wish in self._of[person] if slot_of[wish] == NOWHERE]
            for wish in waiting:
                if open_slots(wish):
                    return wish
            if waiting:
                return waiting[self._random.randrange(len(waiting))]
        return self._waiting[self._random.randrange(len(self._waiting))]

    def _stop_waiting(self, wish: int) -> None:
        place, last = self._place.pop(wish), self._waiting.pop()
        if last != wish:
            self._waiting[place] = last
            self._place[last] = place

    def _other(self, victim: int, wish: int) -> int:
        """Who of the two that were parted has no part in the wish that parted them."""
        (first, second), pair = self._board.pairs[victim], self._board.pairs[wish]
        return second if first in pair else first if second in pair else NOWHERE

    def _cheapest(self, wish: int) -> tuple[int, list[int], int]:
        """The slot whose people lose least when the wish goes there, who they are, and what they lose."""
        open_slots = self._board.open_slots(wish)
        if open_slots:
            return self._preferred(wish, open_slots), [], 0
        best: tuple[int, list[int], int] = (NOWHERE, [], 0)
        barred = self._barred[wish]
        slots = slots_in(self._board.common[wish])
        self._random.shuffle(slots)
        for slot in slots:
            if barred.get(slot, 0) > self._moves:
                continue
            victims = self._victims(wish, slot)
            if victims is None:
                continue
            cost = sum(self._loss(victim) for victim in victims)
            if best[0] == NOWHERE or cost < best[2]:
                best = (slot, victims, cost)
                if cost <= 0:
                    break
        return best

    def _victims(self, wish: int, slot: int) -> list[int] | None:
        """Who has to leave for the wish to be there: what its people do then, one over their most, one at a table.

        None where it can never be there.
        """
        board = self._board
        first, second = board.pairs[wish]
        victims = [there for there in {board.meeting[first][slot], board.meeting[second][slot]} if there != NOWHERE]
        for person in (first, second):
            if board.count[person] < board.most[person] or any(person in board.pairs[one] for one in victims):
                continue
            theirs = [one for one in board.meeting[person] if one != NOWHERE]
            if not theirs:
                return None
            victims.append(min(theirs, key=self._aims.worth.__getitem__))
        if board.at_a_table[wish] and board.full >> slot & 1 and not self._frees_a_table(victims, slot):
            seated = board.seated[slot]
            looked_at = self._random.sample(seated, _LOOKED_AT) if len(seated) > _LOOKED_AT else seated
            victims.append(min(looked_at, key=self._loss))
        return victims

    def _frees_a_table(self, victims: Sequence[int], slot: int) -> bool:
        board = self._board
        return any(board.at_a_table[victim] and board.slot_of[victim] == slot for victim in victims)

    def _loss(self, victim: int) -> int:
        """What it costs to push a meeting out: nothing where it finds another slot at once."""
        board = self._board
        first, second = board.pairs[victim]
        elsewhere = board.common[victim] & ~(board.busy[first] | board.busy[second])
        if board.at_a_table[victim]:
            elsewhere &= ~board.full
        stayed = self._aims.stay if self._held.get(victim) == board.slot_of[victim] else 0
        if elsewhere:
            return stayed
        return self._aims.worth[victim] + stayed + self._aims.first * self._only(victim)

    def _only(self, wish: int) -> int:
        """Of how many of its people it is the only meeting."""
        first, second = self._board.pairs[wish]
        return (self._board.count[first] == 1) + (self._board.count[second] == 1)

    def _gain(self, wish: int, slot: int) -> int:
        first, second = self._board.pairs[wish]
        none = (self._board.count[first] == 0) + (self._board.count[second] == 0)
        return self._aims.worth[wish] + self._aims.first * none + self._stays(wish, slot)

    def _stays(self, wish: int, slot: int) -> int:
        return self._aims.stay if self._held.get(wish) == slot else 0

    def _preferred(self, wish: int, slots: int) -> int:
        held = self._held.get(wish)
        if held is not None and slots >> held & 1:
            return held
        choice = slots_in(slots)
        return choice[self._random.randrange(len(choice))]

    def _put(self, wish: int, slot: int) -> None:
        self.value += self._gain(wish, slot)
        self._board.put(wish, slot)

    def _take(self, wish: int) -> int:
        slot = self._board.take(wish)
        self.value -= self._gain(wish, slot)
        return slot
