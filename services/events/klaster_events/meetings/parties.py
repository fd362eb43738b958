"""Who meets, and who acts for whom. No queries here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from klaster_events.meetings.models import Meeting
from klaster_events.participants.models import Participant
from klaster_events.registrations.models import Registration
from klaster_events.registrations.wishes import NOBODY, Own

MeetingSide = Literal["asker", "asked"]


@dataclass(frozen=True, slots=True)
class Party:
    """A participant with the registration behind it."""

    participant: Participant
    registration: Registration

    @property
    def is_here(self) -> bool:
        """Whether they take part: neither withdrawn, nor without a seat at the event."""
        return self.participant.withdrawn_at is None and self.registration.state == "confirmed"


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting with its two parties."""

    meeting: Meeting
    asker: Party
    asked: Party

    @property
    def sides(self) -> tuple[tuple[MeetingSide, Party], tuple[MeetingSide, Party]]:
        """Both of them, by name."""
        return ("asker", self.asker), ("asked", self.asked)

    def party(self, side: MeetingSide) -> Party:
        """Who that is."""
        return self.asker if side == "asker" else self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who acts: the office, a partner for the people whom it registered itself, or whoever has a link.

    That somebody says to come from an entity gives the entity no say in whom they meet.
    """

    office: bool = False
    own: Own = NOBODY
    registration: UUID | None = None

    def speaks_for(self, party: Party) -> bool:
        """Whether they may act in this participant's name."""
        if self.office or party.registration.id == self.registration:
            return True
        return self.own.holds(party.registration.origin, party.registration.entity_id)

    def sides_of(self, met: Met) -> Sequence[MeetingSide]:
        """On which side of a meeting they stand."""
        return [side for side, party in met.sides if self.speaks_for(party)]
