"""Wire shapes of batches."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.agenda.schemas import SessionCreate
from klaster_events.attendance.schemas import SheetCreate, SheetRead
from klaster_events.events.examples import NEW_EVENT
from klaster_events.events.schemas import EventCreate

MOST_EVENTS = 100
MOST_SHEETS = 50  # of 500 lines: more would not fit into a body
_EVENT = "01900000-0000-7000-8000-0000000000e1"
_SESSION: dict[str, Any] = {
    "title": {"pl": "Otwarcie", "en": "Opening"},
    "starts_at": "2026-11-25T16:00:00Z",
    "ends_at": "2026-11-25T16:30:00Z",
}
_SHEET: dict[str, Any] = {
    "event_id": _EVENT,
    "people": [{"person": {"name": "Ada Przykładowa", "email": "ada@example.org"}}],
}


class EventBrought(EventCreate):
    """A new event together with its agenda."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**NEW_EVENT, "agenda": [_SESSION]}]})

    agenda: list[SessionCreate] = Field([], max_length=100)


class EventBatch(BaseModel):
    """Events that are added together, or not at all."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"items": [{**NEW_EVENT, "agenda": [_SESSION]}]}]}
    )

    items: Annotated[list[EventBrought], Field(min_length=1, max_length=MOST_EVENTS)]


class EventMade(BaseModel):
    """Which event an item became."""

    id: UUID
    source: str
    source_key: str


class EventBatchRead(BaseModel):
    """The events in the order in which they were sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": _EVENT, "source": "office", "source_key": _EVENT}]}]}
    )

    items: list[EventMade]


class EventSheet(SheetCreate):
    """The signed sheet of an event."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_SHEET]})

    event_id: UUID


class SheetBatch(BaseModel):
    """Sheets that are taken in together, or not at all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"items": [_SHEET]}]})

    items: Annotated[list[EventSheet], Field(min_length=1, max_length=MOST_SHEETS)]


class SheetBatchRead(BaseModel):
    """What each sheet changed, in the order in which they were sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"event_id": _EVENT, "recorded": 24, "corrected": 1, "unchanged": 0, "present": 23}]}
            ]
        }
    )

    items: list[SheetRead]
