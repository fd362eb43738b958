"""What a plan rests on, as the numbers that the scheduler knows, and what its answer means. Pure."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from klaster_events.editions.slots import Slot
from klaster_events.meetings.grid import Grid
from klaster_events.meetings.models import Meeting
from klaster_events.meetings.parties import Met, Party
from klaster_events.scheduling.problem import Forum, Person, Wish

_MUTUAL = 2  # what it adds that each asked the other; priorities are worth 1 to 3 a side
_USUAL = 2


Seat = tuple[Slot, UUID]
"""When and at which table."""


def worth_of(meeting: Meeting) -> int:
    """What a meeting is worth in a plan: how much both want it, and more where each asked the other."""
    return meeting.asker_priority + (meeting.asked_priority or _USUAL) + _MUTUAL * meeting.mutual


@dataclass(frozen=True)
class Situation:
    """An edition at a moment: its grid, everybody who takes part or did, and every live meeting."""

    grid: Grid
    parties: Mapping[UUID, Party]
    meetings: Sequence[Meeting]
    now: datetime

    @cached_property
    def fingerprint(self) -> str:
        """What changes when anything changes that a plan rests on, the clock passing the begin of a slot included."""
        edition, event = self.grid.edition, self.grid.event
        parts: list[object] = [
            (edition.version, event.state, event.starts_at, event.ends_at, event.zone, len(self.ahead)),
            sorted((table.id, table.version) for table in self.grid.tables),
            sorted((one, party.participant.version, party.registration.state) for one, party in self.parties.items()),
            sorted((one, sorted(spans)) for one, spans in self.grid.sessions.items()),
            sorted((meeting.id, meeting.version) for meeting in self.meetings),
        ]
        return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()

    @cached_property
    def ahead(self) -> list[Slot]:
        """The slots that have yet to begin."""
        return [slot for slot in self.grid.slots if slot.starts_at > self.now]

    @cached_property
    def numbers(self) -> dict[datetime, int]:
        """The number of each slot ahead, by its beginning."""
        return {slot.starts_at: number for number, slot in enumerate(self.ahead)}

    def met(self, meeting: Meeting) -> Met:
        """A meeting with its two."""
        return Met(meeting, self.parties[meeting.asked_by_id], self.parties[meeting.asked_id])

    def is_kept(self, meeting: Meeting) -> bool:
        """Whether both are here."""
        met = self.met(meeting)
        return met.asker.is_here and met.asked.is_here

    def has_begun(self, meeting: Meeting) -> bool:
        """Whether nothing can be changed about it any more."""
        return meeting.starts_at is not None and meeting.starts_at <= self.now

    @cached_property
    def gone(self) -> list[Meeting]:
        """Those that cannot take place: one of the two takes no part any more."""
        return [one for one in self.meetings if not self.is_kept(one) and not self.has_begun(one)]

    @cached_property
    def broken(self) -> list[Meeting]:
        """Those whose slot or table is none any more."""
        return [one for one in self._to_come if one.state == "scheduled" and not self._stands(one)]

    @cached_property
    def _to_come(self) -> list[Meeting]:
        return [
            one
            for one in self.meetings
            if one.state in {"accepted", "scheduled"} and self.is_kept(one) and not self.has_begun(one)
        ]

    def _stands(self, meeting: Meeting) -> bool:
        assert meeting.starts_at is not None
        assert meeting.table_id is not None
        return self._fits(meeting) and meeting.starts_at in self.grid.usable[meeting.table_id]

    def _fits(self, meeting: Meeting) -> bool:
        met = self.met(meeting)
        return all(self._free[party.participant.id] >> self._number(meeting) & 1 for _side, party in met.sides)

    def _number(self, meeting: Meeting) -> int:
        # A slot that is none any more has a number beyond all: nobody is free in it.
        assert meeting.starts_at is not None
        return self.numbers.get(meeting.starts_at, len(self.ahead))

    @cached_property
    def _free(self) -> dict[UUID, int]:
        """The slots ahead in which each is there and in no session."""
        return {
            one: sum(1 << self.numbers[slot.starts_at] for slot in self.grid.unengaged(party) if slot in self._ahead)
            for one, party in self.parties.items()
        }

    @cached_property
    def _ahead(self) -> frozenset[Slot]:
        return frozenset(self.ahead)

    @cached_property
    def fixed(self) -> list[Meeting]:
        """Scheduled by hand, and standing: plans leave them where they are."""
        return [
            one for one in self._to_come if one.state == "scheduled" and one.planned_by == "hand" and self._stands(one)
        ]

    @cached_property
    def wishes(self) -> list[Meeting]:
        """What is to be placed, or stay: first those that people know the slot of, and of these what still stands."""
        fixed, broken = {one.id for one in self.fixed}, {one.id for one in self.broken}
        return sorted(
            (one for one in self._to_come if one.id not in fixed),
            key=lambda one: (one.state != "scheduled", one.id in broken, one.id),
        )

    @cached_property
    def known(self) -> int:
        """How many of the wishes have a slot that people know."""
        return sum(one.state == "scheduled" for one in self.wishes)

    @cached_property
    def people(self) -> list[UUID]:
        """Everybody with a wish, by number."""
        return sorted({one for wish in self.wishes for one in (wish.asked_by_id, wish.asked_id)})

    @cached_property
    def forum(self) -> Forum:
        """The numbers; what is fixed or has begun takes its part of people's time, tables and most meetings."""
        busy, spent = self._engaged()
        number = {one: at for at, one in enumerate(self.people)}
        held = {at: self._number(one) for at, one in enumerate(self.wishes[: self.known])}
        return Forum(
            [self._person(one, busy.get(one, 0), spent[one]) for one in self.people],
            [Wish(number[one.asked_by_id], number[one.asked_id], worth_of(one)) for one in self.wishes],
            [len(tables) for tables in self.tables_left],
            {at: slot for at, slot in held.items() if slot < len(self.ahead)},
        )

    def _person(self, participant_id: UUID, busy: int, spent: int) -> Person:
        most = self.grid.most(self.parties[participant_id])
        return Person(self._free[participant_id] & ~busy, None if most is None else max(0, most - spent))

    def _engaged(self) -> tuple[dict[UUID, int], Counter[UUID]]:
        """The slots of fixed meetings, and how many meetings are had or fixed, by participant."""
        busy: dict[UUID, int] = {}
        spent: Counter[UUID] = Counter()
        movable = {one.id for one in self.wishes} | {one.id for one in self.gone}
        for participant_id, slots in self.grid.people.items():
            for starts_at, meeting_id in slots.items():
                if meeting_id not in movable:
                    spent[participant_id] += 1
                    busy[participant_id] = busy.get(participant_id, 0) | 1 << self.numbers.get(
                        starts_at, len(self.ahead)
                    )
        return busy, spent

    @cached_property
    def tables_left(self) -> list[list[UUID]]:
        """Of each slot ahead the tables that wishes may have."""
        taken = {(one.starts_at, one.table_id) for one in self.fixed}
        return [
            [
                table.id
                for table in self.grid.tables
                if slot.starts_at in self.grid.usable[table.id] and (slot.starts_at, table.id) not in taken
            ]
            for slot in self.ahead
        ]

    def seats(self, schedule: Mapping[int, int]) -> dict[UUID, Seat]:
        """Slot and table of each meeting of a schedule: whoever keeps the slot keeps the table, if it is one still."""
        in_slot: dict[int, list[Meeting]] = {}
        for wish, number in schedule.items():
            in_slot.setdefault(number, []).append(self.wishes[wish])
        found: dict[UUID, Seat] = {}
        for number, meetings in in_slot.items():
            slot, left = self.ahead[number], self.tables_left[number]
            at = {one.id: one.table_id for one in meetings if one.starts_at == slot.starts_at and one.table_id in left}
            others = iter([table for table in left if table not in at.values()])
            found |= {one.id: (slot, at.get(one.id) or next(others)) for one in meetings}
        return found
