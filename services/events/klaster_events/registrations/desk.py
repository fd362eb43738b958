"""The desk of an event whose row is held: serves one after the other, and writes all of it at the end."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.consents.operations import give
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.events.models import Event
from klaster_events.events.seats import free_seats, move_counters
from klaster_events.events.viewers import Viewer
from klaster_events.outbox.operations import Letter, tell
from klaster_events.registrations import repository
from klaster_events.registrations.answers import check_answers
from klaster_events.registrations.codes import new_code
from klaster_events.registrations.errors import AlreadyRegistered
from klaster_events.registrations.letters import TOLD, again_key, answer_by, letter
from klaster_events.registrations.models import Registration
from klaster_events.registrations.openness import check_open
from klaster_events.registrations.session_seats.operations import SEATED, Openings
from klaster_events.registrations.states import log, steps
from klaster_events.registrations.wishes import Placed, Wish
from klaster_shared.database import Actor
from klaster_shared.identifiers import new_id

APPROVING = frozenset({"office", "import"})  # whoever they let in needs nobody else's word


class Desk:
    """Decides in memory: nobody else moves a seat of this event before the transaction ends."""

    def __init__(
        self,
        event: Event,
        known: Mapping[UUID, Registration],
        openings: Openings,
        *,
        organisers: Collection[Viewer] = (),
        now: datetime,
        confirm_hours: int,
    ) -> None:
        self._event = event
        self._known = known
        self._openings = openings
        self._organisers = organisers
        self._now = now
        self._hours = confirm_hours
        self._free = free_seats(event)
        self._ticket = event.tickets
        self._placed: dict[UUID, Placed] = {}
        self._rows: list[dict[str, Any]] = []
        self._acting: dict[UUID, Actor] = {}
        self._answers: list[dict[str, Any]] = []
        self._consents: list[tuple[UUID, Sequence[ConsentGiven]]] = []
        self._letters: list[Letter] = []
        self._moved: Counter[str] = Counter()

    def serve(self, wish: Wish, person_id: UUID) -> Placed:
        """A seat or a place in the queue; raises what refuses the wish, and then nothing is noted for it."""
        check_open(self._event, wish, self._now)  # it may have been postponed while we waited for it
        answers = check_answers(self._event.questions, wish.answers)
        standing = self._placed.get(person_id) or self._known.get(person_id)
        if standing is not None and (standing.state != "cancelled" or wish.origin == "import"):
            return self._again(wish, person_id, standing)
        state = self._state_for(wish)
        seated = state in SEATED
        self._openings.check(wish.sessions, seated=seated)
        placed = self._place(wish, person_id, state, self._known.get(person_id))
        self._openings.take(placed.id, wish.sessions, seated=seated)
        if answers or person_id in self._known:
            row = {"registration_id": placed.id, "person_id": person_id, "answers": answers}
            self._answers.append(row)
        if wish.consents:
            self._consents.append((person_id, wish.consents))
        return placed

    def _state_for(self, wish: Wish) -> str:
        """Where somebody who comes now gets to."""
        if self._event.approval and wish.origin not in APPROVING and wish.viewer not in self._organisers:
            return "requested"
        if self._free is not None and self._free <= 0:
            return "waiting"
        return "confirmed" if wish.verified else "pending"

    def _expires_at(self, wish: Wish) -> datetime | None:
        return None if wish.verified else answer_by(self._event, hours=self._hours, asked_at=self._now)

    def _place(self, wish: Wish, person_id: UUID, state: str, before: Registration | None) -> Placed:
        self._ticket += 1
        if state in SEATED and self._free is not None:
            self._free -= 1
        self._moved += steps(None, state)
        row: dict[str, Any] = {
            "id": before.id if before else new_id(),
            "event_id": self._event.id,
            "person_id": person_id,
            "entity_id": wish.entity_id,
            "state": state,
            "ticket": self._ticket,
            "code": before.code if before and before.code else new_code(),
            "language": wish.language,
            "origin": wish.origin,
            "verified_at": self._now if wish.verified else None,
            "expires_at": self._expires_at(wish),
            "ended_by": None,
            "version": 1,
            "created_at": self._now,
            "updated_at": self._now,
        }
        self._rows.append(row)
        if wish.actor is not None:
            self._acting[person_id] = wish.actor
        kind = TOLD[state] if wish.verified else "confirm_address"
        self._write_to(kind, row["id"], person_id, wish.language, **({} if wish.verified else {"hours": self._hours}))
        placed = self._placed[person_id] = Placed(
            id=row["id"],
            event_id=self._event.id,
            person_id=person_id,
            entity_id=wish.entity_id,
            origin=wish.origin,
            state=state,
            ticket=self._ticket,
            expires_at=row["expires_at"],
            told=state,
        )
        return placed

    def _again(self, wish: Wish, person_id: UUID, standing: Placed | Registration) -> Placed:
        """Registered already. A stranger is told what somebody new would be, and the address what is the matter."""
        if wish.origin != "self":
            own = wish.origin != "partner" or (standing.origin, standing.entity_id) == ("partner", wish.entity_id)
            told: dict[str, Any] = {"id": str(standing.id), "state": standing.state} if own else {}
            raise AlreadyRegistered("This person is registered for the event already", **told)
        key = again_key(standing.id, self._now)
        self._write_to("registered_already", standing.id, person_id, wish.language, key=key)
        return Placed(
            id=standing.id,
            event_id=self._event.id,
            person_id=person_id,
            entity_id=standing.entity_id,
            origin=standing.origin,
            state=standing.state,
            ticket=standing.ticket,
            expires_at=self._expires_at(wish),
            told=self._state_for(wish),
            known=True,
        )

    def _write_to(self, kind: Any, registration_id: UUID, person_id: UUID, language: str, **more: Any) -> None:
        if not self._event.demonstration:
            self._letters.append(
                letter(
                    self._event,
                    kind,
                    registration_id=registration_id,
                    person_id=person_id,
                    language=language,
                    **more,
                )
            )

    async def write(self, session: AsyncSession) -> None:
        """All of it, in a statement a table; the counters move last but one, and refuse one seat too many."""
        await repository.write(session, self._rows)
        await repository.write_answers(session, self._answers)
        await self._openings.write(session, now=self._now)
        if self._rows:
            await move_counters(session, event=self._event, tickets=len(self._rows), **self._moved)
        await give(session, pairs=self._consents, event_id=self._event.id, now=self._now, actors=self._acting)
        await tell(session, letters=self._letters, now=self._now)
        before = {row.id for row in self._known.values()}
        for row in self._rows:
            log(
                session,
                kind="updated" if row["id"] in before else "created",
                event_id=row["event_id"],
                registration_id=row["id"],
                state=row["state"],
                actor=self._acting.get(row["person_id"]),
            )
