"""Wire shapes of one's own part in the meetings, and of one's own agenda."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.editions.examples import EDITION
from klaster_events.editions.schemas import ForumEditionRead
from klaster_events.own.schemas import OwnEvent
from klaster_events.participants.examples import IN_FULL
from klaster_events.participants.schemas import ParticipantRead
from klaster_shared.labels import LabelText

PartStep = Literal["join", "change", "leave"]
LineKind = Literal["session", "meeting", "booking"]
_LINE: dict[str, Any] = {
    "kind": "session",
    "id": "01935c1e-7a00-7000-8000-000000000005",
    "title": "Od próbki do wyniku",
    "starts_at": "2026-11-25T08:30:00Z",
    "ends_at": "2026-11-25T09:30:00Z",
    "place": "Sala 2",
    "online_url": None,
    "state": "taken",
}
_AGENDA: dict[str, Any] = {
    "registration_id": "01935c1e-7a00-7000-8000-000000000002",
    "name": "Ada Przykładowa",
    "event": {**EDITION["event"], "online_url": None},
    "items": [_LINE],
    "calendar": "/v1/registration-links/AZNcHnoAcACAAAAAAAAAAg.aBcD/agenda.ics",
}


class OwnParticipation(BaseModel):
    """One's own part in the meetings of an event."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"edition": EDITION, "participant": IN_FULL, "may": ["change", "leave"]}]}
    )

    edition: ForumEditionRead | None = Field(description="Null where the event has no meetings")
    participant: ParticipantRead | None = Field(description="Null where one does not take part")
    may: list[PartStep] = Field(description="What can be done now")


class AgendaLine(BaseModel):
    """Something that one does from when to when."""

    kind: LineKind
    id: UUID
    title: LabelText
    starts_at: datetime
    ends_at: datetime
    place: str | None
    online_url: str | None
    state: str = Field(
        description="Of a session: `taken` (a seat is yours), `wanted` (as soon as there is one), `open` (to all); of a"
        " meeting: `scheduled`, `took_place`, `missed`; of a booking: `requested`, `approved`, `used`"
    )


class OwnAgenda(BaseModel):
    """One's own agenda, in the order of time."""

    model_config = ConfigDict(json_schema_extra={"examples": [_AGENDA]})

    registration_id: UUID
    name: str | None
    event: OwnEvent
    items: list[AgendaLine]
    calendar: str = Field(description="The same as iCalendar, to subscribe to; keep it to yourself")
