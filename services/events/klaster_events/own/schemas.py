"""Wire shapes of one's own registration."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.labels import LabelText
from klaster_shared.texts import Code

Step = Literal["confirm", "accept", "decline", "cancel", "sessions"]
OwnState = Literal["requested", "waiting", "pending", "offered", "confirmed", "declined", "cancelled"]
_EVENT: dict[str, Any] = {
    "id": "01935c1e-7a00-7000-8000-000000000001",
    "title": "Śniadanie naukowe",
    "state": "published",
    "starts_at": "2026-11-25T16:00:00Z",
    "ends_at": "2026-11-25T19:00:00Z",
    "zone": "Europe/Warsaw",
    "place": "Rynek Główny 1, Kraków",
    "online": False,
    "online_url": None,
}
_SESSION: dict[str, Any] = {
    "id": "01935c1e-7a00-7000-8000-000000000005",
    "title": "Od próbki do wyniku",
    "starts_at": "2026-11-25T16:30:00Z",
    "ends_at": "2026-11-25T17:30:00Z",
    "room": "Sala 2",
    "free": 3,
    "chosen": "taken",
}
_OWN: dict[str, Any] = {
    "id": "01935c1e-7a00-7000-8000-000000000002",
    "state": "confirmed",
    "ended_by": None,
    "verified": True,
    "name": "Ada Przykładowa",
    "place_in_queue": None,
    "held_until": None,
    "code": "0123456789ABCDEF",
    "event": _EVENT,
    "sessions": [_SESSION],
    "consents": [
        {
            "purpose": "newsletter",
            "version": 1,
            "text": "Zgadzam się na otrzymywanie zaproszeń na kolejne wydarzenia.",
            "required": False,
            "given": True,
        }
    ],
    "calendar": "/v1/calendars/AZNcHnoAcACAAAAAAAAAAw.aBcD.ics",
    "certificate": None,
    "may": ["cancel", "sessions"],
}


class OwnEvent(BaseModel):
    """The event, as whoever is registered for it may see it."""

    id: UUID
    title: LabelText
    state: Literal["draft", "published", "postponed", "cancelled", "completed"]
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None
    online: bool
    online_url: str | None = Field(description="For whoever has a seat for certain")


class OwnSession(BaseModel):
    """A session of the event, and whether one is in it."""

    id: UUID
    title: LabelText
    starts_at: datetime
    ends_at: datetime
    room: str | None
    free: int | None = Field(description="Seats left; null: no limit")
    chosen: Literal["taken", "wanted"] | None = Field(
        description="`taken`: a seat is yours; `wanted`: as soon as there is one"
    )


class OwnConsent(BaseModel):
    """What people are asked to agree to today, and whether one has."""

    purpose: str
    version: int
    text: LabelText
    required: bool
    given: bool


class OwnRegistration(BaseModel):
    """One's own registration."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OWN]})

    id: UUID
    state: OwnState
    ended_by: str | None = Field(description="Why it is cancelled: self, office, partner or expired")
    verified: bool = Field(description="Whether the address has been confirmed")
    name: str | None
    place_in_queue: int | None = Field(description="Counted from one, where it waits")
    held_until: datetime | None = Field(description="Until when an answer is waited for")
    code: str | None = Field(description="What the door reads, where the seat is confirmed")
    event: OwnEvent
    sessions: list[OwnSession]
    consents: list[OwnConsent]
    calendar: str | None = Field(
        description="All that one is registered for, to subscribe to; keep it to yourself. Null: address not confirmed"
    )
    certificate: str | None = Field(description="The number of one's certificate, where one was issued")
    may: list[Step] = Field(description="What can be done with it now")


class SessionChoice(BaseModel):
    """The sessions to be in: these and no others."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"sessions": ["01935c1e-7a00-7000-8000-000000000005"]}]}
    )

    sessions: list[UUID] = Field(default_factory=list, max_length=100)


class ConsentChoice(BaseModel):
    """A consent given, or taken back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"purpose": "newsletter", "version": 1, "given": False}]}
    )

    purpose: Code
    version: int = Field(ge=1, lt=2**31, description="The version of the words that were shown")
    given: bool
