"""When and where two could meet, and what stands in the way. Pure: handed everything, asks for nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from klaster_events.editions.models import Edition, EditionTable
from klaster_events.editions.rules import days_of, edition_slots, most_meetings, table_slots
from klaster_events.editions.slots import Slot, Span, apart_from, within
from klaster_events.events.models import Event
from klaster_events.meetings.parties import Met, Party


@dataclass(frozen=True)
class Grid:
    """The slots and tables of an edition, and what is taken of them.

    sessions  by registration: when they sit in a session of the event
    people    by participant: the meeting of each slot, known by its beginning
    places    the meeting at each table of each slot
    """

    edition: Edition
    event: Event
    tables: Sequence[EditionTable]
    sessions: Mapping[UUID, Sequence[Span]]
    people: Mapping[UUID, Mapping[datetime, UUID]]
    places: Mapping[tuple[datetime, UUID], UUID]

    @cached_property
    def slots(self) -> list[Slot]:
        """All of them, in the order of time."""
        return edition_slots(self.edition, self.event)

    @cached_property
    def usable(self) -> dict[UUID, frozenset[datetime]]:
        """When each table can be used."""
        return {
            table.id: frozenset(slot.starts_at for slot in table_slots(table, self.slots, self.event))
            for table in self.tables
        }

    def available(self, party: Party) -> list[Slot]:
        """When somebody said that they can come."""
        return within(self.slots, party.participant.availability, days_of(self.event))

    def unengaged(self, party: Party) -> list[Slot]:
        """Those of these slots into which no session of theirs falls."""
        return apart_from(self.available(party), self.sessions.get(party.registration.id, ()))

    def most(self, party: Party) -> int | None:
        """How many meetings somebody has at most; None: no limit."""
        one = party.participant
        return most_meetings(self.edition, kind=one.kind, own=one.cap)

    def free_tables(self, starts_at: datetime, *, but: UUID | None = None) -> list[EditionTable]:
        """The tables where nobody sits then, or the meeting `but` alone."""
        return [
            table
            for table in self.tables
            if starts_at in self.usable[table.id] and self.places.get((starts_at, table.id), but) == but
        ]

    def free_slots(self, met: Met, *, now: datetime) -> list[tuple[Slot, list[EditionTable]]]:
        """When both could meet as things are, and where."""
        found = [(slot, self.free_tables(slot.starts_at, but=met.meeting.id)) for slot in self.slots]
        return [(slot, tables) for slot, tables in found if tables and not self.hindrances(met, slot, now=now)]

    def hindrances(self, met: Met, slot: Slot, *, now: datetime) -> list[tuple[str, str]]:
        """What keeps the two from meeting then, as codes with sentences; nothing about tables."""
        found = [("passed", "The slot has begun")] if slot.starts_at <= now else []
        for side, party in met.sides:
            who = f"Who {'asked' if side == 'asker' else 'was asked'}"
            taken = self.people.get(party.participant.id, {})
            others = [start for start, one in taken.items() if one != met.meeting.id]
            most = self.most(party)
            if not party.is_here:
                found.append((f"{side}_gone", f"{who} takes no part any more"))
            if slot not in self.available(party):
                found.append((f"{side}_unavailable", f"{who} is not there then"))
            elif slot not in self.unengaged(party):
                found.append((f"{side}_in_session", f"{who} is in a session then"))
            if slot.starts_at in others:
                found.append((f"{side}_meets", f"{who} has another meeting then"))
            if most is not None and len(others) >= most:
                found.append((f"{side}_cap", f"{who} has {len(others)} meetings, which is as many as may be"))
        return found
