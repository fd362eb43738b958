"""Wire shapes of check-in."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_events.checkin.presence import Kind
from klaster_events.checkin.reasons import Reason
from klaster_events.events.schemas import Instant
from klaster_events.people.schemas import PersonGiven
from klaster_shared.errors import wrong_field
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import ShortText

BATCH = 500  # scans of one offline batch; a longer one comes in parts
_LIST = "01900000-0000-7000-8000-0000000000c1"
_EVENT = "01900000-0000-7000-8000-0000000000e1"
_REGISTRATION = "01900000-0000-7000-8000-0000000000f1"
_DEVICE = "key:01900000-0000-7000-8000-0000000000d1"


def _shown(*examples: dict[str, Any], closed: bool = False) -> ConfigDict:
    config = ConfigDict(json_schema_extra={"examples": list(examples)}, populate_by_name=True)
    return ConfigDict(**config, extra="forbid") if closed else config


Opens = Annotated[Instant | None, Field(description="Null: twelve hours before the event, or the session, begins")]
Closes = Annotated[Instant | None, Field(description="Null: twelve hours after it ends")]


class CheckinListCreate(BaseModel):
    """A new door, of the whole event or of one session."""

    model_config = _shown({"name": {"pl": "Wejście B", "en": "Entrance B"}, "exits": True}, closed=True)

    name: ShortLabel
    session: UUID | None = Field(None, description="A session of the event's agenda, whose seats are asked for here")
    opens_at: Opens = None
    closes_at: Closes = None
    exits: bool = Field(False, description="Leaving is scanned too; whoever left may come in again")
    walk_ins: bool = Field(False, description="People without a registration are let in")


class CheckinListUpdate(BaseModel):
    """A change of a list (JSON Merge Patch)."""

    model_config = _shown({"walk_ins": True}, closed=True)

    name: ShortLabel | MISSING = MISSING
    opens_at: Opens | MISSING = MISSING
    closes_at: Closes | MISSING = MISSING
    exits: bool | MISSING = MISSING
    walk_ins: bool | MISSING = MISSING


class CheckinListRead(BaseModel):
    """A check-in list."""

    model_config = _shown(
        {
            "id": _LIST,
            "event_id": _EVENT,
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

    model_config = _shown({"name": "Tablet at the north door"}, closed=True)

    name: Annotated[ShortText, Field(max_length=200)]


class DeviceRead(BaseModel):
    """A device that may scan at a list."""

    model_config = _shown(
        {
            "list_id": _LIST,
            "subject": _DEVICE,
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


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("printable characters alone")
    return text


Nonce = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=100)]


class ScanCreate(BaseModel):
    """One scan: of a code, of a registration found by search, or of somebody who walked in."""

    model_config = _shown(
        {
            "list": _LIST,
            "secret": "7MHQ2V9K4T1XWZ8C",
            "type": "entry",
            "datetime": "2026-11-25T16:58:03Z",
            "nonce": "tablet-1:000017",
        },
        closed=True,
    )

    list_id: UUID = Field(alias="list")
    secret: Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=100)] | None = Field(
        None, description="What the QR code holds"
    )
    registration_id: UUID | None = Field(None, description="Instead of a code: chosen from a search")
    person: PersonGiven | None = Field(None, description="Instead of a code: somebody who walked in")
    type: Kind = "entry"
    happened_at: Instant = Field(alias="datetime", description="When it happened, by the clock of the device")
    nonce: Nonce = Field(description="Made by the device for this scan alone; sent again, it is the same scan")
    force: bool = Field(False, description="It happened already, offline: recorded whatever the rules say now")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(one is not None for one in (self.secret, self.registration_id, self.person)) != 1:
            raise wrong_field("secret", "names_one", "name a secret, a registration or a person, and one of them alone")
        return self


class ScanBatch(BaseModel):
    """What a device scanned while it had no network."""

    model_config = _shown({"scans": [ScanCreate.model_config["json_schema_extra"]["examples"][0]]}, closed=True)  # type: ignore[index,call-overload]

    scans: Annotated[list[ScanCreate], Field(min_length=1, max_length=BATCH)]


class ScanUndo(BaseModel):
    """Which scan did not happen."""

    model_config = _shown({"list": _LIST, "nonce": "tablet-1:000017"}, closed=True)

    list_id: UUID = Field(alias="list")
    nonce: Nonce


class Arrival(BaseModel):
    """Who stands at the door: no more than has to be shown there."""

    name: str | None = Field(description="Null where the person has been erased")
    entity: str | None


_VERDICT = {
    "nonce": "tablet-1:000017",
    "list": _LIST,
    "type": "entry",
    "datetime": "2026-11-25T16:58:03Z",
    "received_at": "2026-11-25T16:58:04Z",
    "accepted": True,
    "stored": True,
    "reason": None,
    "message": "Welcome",
    "advice": "Let them in.",
    "forced": False,
    "undone_at": None,
    "registration_id": _REGISTRATION,
    "person": {"name": "Ada Przykładowa", "entity": "Fundacja"},
    "first_at": "2026-11-25T16:58:03Z",
}


class ScanVerdict(BaseModel):
    """What became of a scan. The same nonce gets the same answer."""

    model_config = _shown(_VERDICT)

    nonce: str
    list_id: UUID = Field(alias="list")
    type: Kind
    happened_at: datetime = Field(alias="datetime")
    received_at: datetime | None = Field(description="When it arrived; null where it was not stored")
    accepted: bool
    stored: bool = Field(description="False for `error` alone")
    reason: Reason | None = Field(description="Why it was refused")
    message: LabelText
    advice: LabelText = Field(description="What the door should do")
    forced: bool
    undone_at: datetime | None
    registration_id: UUID | None
    person: Arrival | None = Field(description="Null where the code is nobody's")
    first_at: datetime | None = Field(description="When the person was first seen at this list")


class BatchVerdicts(BaseModel):
    """A verdict for each scan of a batch, in its order."""

    model_config = _shown({"items": [_VERDICT], "accepted": 1, "refused": 0})

    items: list[ScanVerdict]
    accepted: int
    refused: int


class ScanRead(BaseModel):
    """A scan as history keeps it: when it happened, and when it arrived. No names."""

    id: UUID
    list_id: UUID = Field(alias="list")
    nonce: str
    type: Kind
    registration_id: UUID | None
    person_id: UUID | None
    happened_at: datetime = Field(alias="datetime")
    received_at: datetime
    device: str
    forced: bool
    reason: Reason | None
    undone_at: datetime | None
    undone_by: str | None


class ScanListParameters(PageParameters):
    """Filters of the history of scans."""

    list_id: list[UUID] = Field([], alias="list", max_length=50)


class DoorPerson(BaseModel):
    """A registration as a device keeps it offline. Names stand beside those alone who may come in."""

    model_config = _shown(
        {
            "registration_id": _REGISTRATION,
            "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "reason": None,
            "person": {"name": "Ada Przykładowa", "entity": "Fundacja"},
            "entered": False,
            "inside": False,
        }
    )

    registration_id: UUID
    digest: str | None = Field(description="SHA-256 of the code, in hexadecimal: a lost device opens no door")
    reason: Reason | None = Field(description="Why the person would be refused; null: let them in")
    person: Arrival | None
    entered: bool
    inside: bool


class SearchParameters(BaseModel):
    """What is searched for."""

    model_config = {"extra": "ignore"}

    q: Annotated[str, Field(min_length=2, max_length=100)] = Field(description="Part of a name; accents do not matter")


class Found(BaseModel):
    """People found by name, at most twenty."""

    items: list[DoorPerson]
    more: bool = Field(description="There are more: write more of the name")


class ListCount(BaseModel):
    """One list in numbers."""

    id: UUID
    name: LabelText
    session_id: UUID | None
    entered: int = Field(description="Different people scanned here so far")
    inside: int = Field(description="Those of them whose last scan is an entry")


class CountRead(BaseModel):
    """An event in numbers, as of now."""

    model_config = _shown(
        {
            "event_id": _EVENT,
            "registered": 120,
            "present": 87,
            "lists": [{"id": _LIST, "name": "Entrance B", "session_id": None, "entered": 87, "inside": 85}],
        }
    )

    event_id: UUID
    registered: int = Field(description="People with a confirmed seat")
    present: int = Field(description="Different people who came, from all lists and sheets")
    lists: list[ListCount]
