"""Wire shapes of check-in lists, the devices that they are given to, and the live count."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, BaseModel, Field

from klaster_events.checkin.examples import DEVICE, EVENT, LIST, shown
from klaster_events.events.schemas import Instant
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.plain import Truth
from klaster_shared.texts import ShortText

Opens = Annotated[Instant | None, Field(description="Null: twelve hours before the event, or the session, begins")]
Closes = Annotated[Instant | None, Field(description="Null: twelve hours after it ends")]


class CheckinListCreate(BaseModel):
    """A new door, of the whole event or of one session."""

    model_config = shown({"name": {"pl": "Wejście B", "en": "Entrance B"}, "exits": True}, closed=True)

    name: ShortLabel
    session: UUID | None = Field(None, description="A session of the event's agenda, whose seats are asked for here")
    opens_at: Opens = None
    closes_at: Closes = None
    exits: Truth = Field(False, description="Leaving is scanned too; whoever left may come in again")
    walk_ins: Truth = Field(False, description="People without a registration are let in")


class CheckinListUpdate(BaseModel):
    """A change of a list (JSON Merge Patch)."""

    model_config = shown({"walk_ins": True}, closed=True)

    name: ShortLabel | MISSING = MISSING
    opens_at: Opens | MISSING = MISSING
    closes_at: Closes | MISSING = MISSING
    exits: Truth | MISSING = MISSING
    walk_ins: Truth | MISSING = MISSING


class CheckinListRead(BaseModel):
    """A check-in list."""

    model_config = shown(
        {
            "id": LIST,
            "event_id": EVENT,
            "session_id": None,
            "name": "Entrance B",
            "opens_at": "2026-11-25T04:00:00Z",
            "closes_at": "2026-11-26T07:00:00Z",
            "exits": True,
            "walk_ins": False,
            "version": 1,
            "created_at": "2026-11-24T09:00:00Z",
            "updated_at": "2026-11-24T09:00:00Z",
        }
    )

    id: UUID
    event_id: UUID
    session_id: UUID | None
    name: LabelText
    opens_at: datetime = Field(description="As it is now, where the list follows the event")
    closes_at: datetime
    exits: bool
    walk_ins: bool
    version: int
    created_at: datetime
    updated_at: datetime


class DeviceGive(BaseModel):
    """What a device is called."""

    model_config = shown({"name": "Tablet at the north door"}, closed=True)

    name: Annotated[ShortText, Field(max_length=200)]


class DeviceRead(BaseModel):
    """A device that may scan at a list."""

    model_config = shown(
        {
            "list_id": LIST,
            "subject": DEVICE,
            "name": "Tablet at the north door",
            "given_at": "2026-11-24T09:00:00Z",
            "given_by": "key:01900000-0000-7000-8000-0000000000a1",
        }
    )

    list_id: UUID
    subject: str = Field(description="The API key of the device")
    name: str
    given_at: datetime
    given_by: str


class ListCount(BaseModel):
    """One list in numbers."""

    id: UUID
    name: LabelText
    session_id: UUID | None
    entered: int = Field(description="Different people scanned here so far")
    inside: int = Field(description="Those of them whose last scan is an entry")


class CountRead(BaseModel):
    """An event in numbers, as of now."""

    model_config = shown(
        {
            "event_id": EVENT,
            "registered": 120,
            "present": 87,
            "lists": [{"id": LIST, "name": "Entrance B", "session_id": None, "entered": 87, "inside": 85}],
        }
    )

    event_id: UUID
    registered: int = Field(description="People with a confirmed seat")
    present: int = Field(description="Different people who came, from all lists and sheets")
    lists: list[ListCount]
