"""What somebody asks for when they register, and what became of it. No rules here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from klaster_events.consents.schemas import ConsentGiven
from klaster_events.entities.schemas import EntityFacts
from klaster_events.events.viewers import OFFICE, Viewer
from klaster_events.people.schemas import PersonGiven
from klaster_shared.database import Actor

Origin = Literal["self", "partner", "office", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One person who is to be registered.

    origin             who asks: only a person who registers itself has an address that nobody vouches for
    actor              who asks, for the change log; the transaction's own where it is None
    entity_id, facts   the entity that the person comes from, after all merges; what the copy lacks of it
    viewer             what the one who asks may see: nobody registers for an event that is not there for them
    """

    person: PersonGiven
    origin: Origin
    language: str = "pl"
    entity_id: UUID | None = None
    facts: Sequence[EntityFacts] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    sessions: Sequence[UUID] = ()
    consents: Sequence[ConsentGiven] = ()
    actor: Actor | None = None
    viewer: Viewer = OFFICE

    @property
    def verified(self) -> bool:
        """Whether somebody vouches for the address."""
        return self.origin != "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of a wish.

    told   the state that the caller may be told: nobody learns like this who registered before
    known  the person was registered already, and keeps what they have
    """

    id: UUID
    event_id: UUID
    person_id: UUID
    entity_id: UUID | None
    origin: str
    state: str
    ticket: int
    expires_at: datetime | None
    told: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """The people whom an entity registered itself: all that it may see, or cancel, of others' events."""

    entity_ids: frozenset[UUID]

    def holds(self, origin: str, entity_id: UUID | None) -> bool:
        """Whether a registration is one of these."""
        return origin == "partner" and entity_id in self.entity_ids


NOBODY = Own(frozenset())
"""The reach of somebody who answers for nobody else."""
