"""Wire shapes of the agenda."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_events.entities.schemas import EntityName
from klaster_events.events.schemas import EventTitle, Instant, Seats
from klaster_shared.labels import LabelText
from klaster_shared.texts import ShortText

NameText = Annotated[ShortText, Field(max_length=200)]


class Speaker(BaseModel):
    """Somebody who speaks, as the programme names them: published, but never passed on to logs and feeds."""

    model_config = ConfigDict(extra="forbid")

    name: NameText = Field(examples=["prof. Ada Przykładowa"])
    affiliation: NameText | None = None
    entity_id: UUID | None = Field(None, description="The entity of the registry that they come from")


Speakers = Annotated[list[Speaker], Field(max_length=50)]


class SessionCreate(BaseModel):
    """A new session, within the times of its event."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": {"pl": "Otwarcie", "en": "Opening"},
                    "starts_at": "2026-11-25T16:00:00Z",
                    "ends_at": "2026-11-25T16:30:00Z",
                    "room": "Sala A",
                    "speakers": [{"name": "prof. Ada Przykładowa", "affiliation": "Uniwersytet", "entity_id": None}],
                    "capacity": 40,
                }
            ]
        },
    )

    title: EventTitle
    starts_at: Instant
    ends_at: Instant
    room: NameText | None = None
    speakers: Speakers = []
    capacity: Seats | None = Field(None, description="Seats of its own; null: whoever is at the event may come")


class SessionUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"room": "Sala B"}]})

    title: EventTitle | MISSING = MISSING
    starts_at: Instant | MISSING = MISSING
    ends_at: Instant | MISSING = MISSING
    room: NameText | MISSING | None = MISSING
    speakers: Speakers | MISSING = MISSING
    capacity: Seats | MISSING | None = MISSING


class SpeakerRead(BaseModel):
    """Somebody who speaks."""

    name: str
    affiliation: str | None
    entity: EntityName | None


class SessionSeatsRead(BaseModel):
    """How many seats of a session are taken."""

    taken: int
    free: int | None = Field(description="Null where it has no limit of its own")


_EXAMPLE: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000010",
    "event_id": "01930000-0000-7000-8000-000000000001",
    "title": "Otwarcie",
    "starts_at": "2026-11-25T16:00:00Z",
    "ends_at": "2026-11-25T16:30:00Z",
    "room": "Sala A",
    "capacity": 40,
    "seats": {"taken": 12, "free": 28},
    "version": 1,
    "created_at": "2026-11-24T09:00:00Z",
    "updated_at": "2026-11-24T09:00:00Z",
}


class SessionPlaced(BaseModel):
    """A session without its speakers: this answer is kept for replays, and names are not."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    event_id: UUID
    title: LabelText
    starts_at: datetime
    ends_at: datetime
    room: str | None
    capacity: int | None
    seats: SessionSeatsRead
    version: int
    created_at: datetime
    updated_at: datetime


class SessionRead(SessionPlaced):
    """A session of an event."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "speakers": [{"name": "prof. Ada Przykładowa", "affiliation": "Uniwersytet", "entity": None}],
                }
            ]
        }
    )

    speakers: list[SpeakerRead]
