"""Wire shapes of what is held about a person, noun by noun; nouns that say more of themselves have theirs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from klaster_events.board.schemas import WordsRead
from klaster_shared.labels import Label


class HeldPerson(BaseModel):
    """Name and address, as they were first given."""

    id: UUID
    name: str
    email: str
    created_at: datetime


class HeldEvent(BaseModel):
    """An event, by what it is called and when it is."""

    id: UUID
    title: Label
    starts_at: datetime
    ends_at: datetime
    place: str | None


class HeldSession(BaseModel):
    """A session of the agenda that the person has or wants a seat in."""

    title: Label
    starts_at: datetime
    state: str


class HeldRegistration(BaseModel):
    """A registration, with the answers to the event's questions."""

    id: UUID
    event: HeldEvent
    entity_id: UUID | None
    state: str
    ticket: int
    code: str | None
    language: str
    origin: str
    verified_at: datetime | None
    expires_at: datetime | None
    ended_by: str | None
    created_at: datetime
    updated_at: datetime
    answers: dict[str, Any] | None
    sessions: list[HeldSession]


class HeldAttendance(BaseModel):
    """Whether the person came, and what was certified."""

    event: HeldEvent
    entity_id: UUID | None
    present: bool
    origin: str
    minutes: int | None
    certificate_number: str | None
    certificate_issued_at: datetime | None
    recorded_at: datetime


class HeldScan(BaseModel):
    """A scan at a door."""

    event_id: UUID
    kind: str
    happened_at: datetime
    received_at: datetime
    reason: str | None = Field(description="Why it was refused; null: accepted")
    undone_at: datetime | None


class HeldPost(BaseModel):
    """A post of the board that names the person as its contact."""

    id: UUID
    owner_id: UUID
    side: str
    title: WordsRead
    state: str
    valid_until: date
    created_at: datetime
    updated_at: datetime


class HeldInterest(BaseModel):
    """Interest in a post of the board that names the person as its contact, with what they agreed to."""

    id: UUID
    post_id: UUID
    entity_id: UUID
    message: str | None
    state: str
    owner_agreed_at: datetime | None
    asker_agreed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class HeldResource(BaseModel):
    """A laboratory or service; whose owner has the person told of bookings, where it stands by itself."""

    id: UUID
    kind: str
    name: Label


class HeldBooking(BaseModel):
    """A booking of the person, with what was written about the visit."""

    id: UUID
    resource: HeldResource
    entity_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    terms_version: int | None
    purpose: str | None
    answer: str | None
    created_at: datetime
    updated_at: datetime


class HeldResult(BaseModel):
    """A result on show that names the person as its contact."""

    id: UUID
    entity_id: UUID
    title: Label
    state: str
    shown_from: date
    shown_until: date | None
    created_at: datetime


class HeldContact(BaseModel):
    """That the person asked whom to speak to about a result."""

    id: UUID
    item_id: UUID
    entity_id: UUID
    message: str | None
    created_at: datetime


class HeldMessage(BaseModel):
    """A message to the person. Its words are made when it is sent, and are not kept."""

    kind: str
    event_id: UUID | None
    language: str
    state: str
    created_at: datetime
    sent_at: datetime | None


class HeldLook(BaseModel):
    """Somebody was shown the person, or a list of an event of theirs."""

    at: datetime
    role: str
    shown: str
    event_id: UUID | None
