"""Wire shapes of scans, and of what a device keeps of people."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

from klaster_events.checkin.examples import DEVICE, EVENT, LIST, REGISTRATION, shown
from klaster_events.checkin.presence import Kind
from klaster_events.checkin.reasons import Reason
from klaster_events.events.schemas import Instant
from klaster_events.people.schemas import PersonGiven
from klaster_shared.errors import wrong_field
from klaster_shared.labels import LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth

BATCH = 500  # scans of one offline batch; a longer one comes in parts


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("printable characters alone")
    return text


Nonce = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=100)]


_SCAN = {
    "list": LIST,
    "secret": "7MHQ2V9K4T1XWZ8C",
    "type": "entry",
    "datetime": "2026-11-25T16:58:03Z",
    "nonce": "tablet-1:000017",
}


class ScanCreate(BaseModel):
    """One scan: of a code, of a registration found by search, or of somebody who walked in."""

    model_config = shown(_SCAN, closed=True)

    list_id: UUID = Field(alias="list")
    secret: Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=100)] | None = Field(
        None, description="What the QR code holds"
    )
    registration_id: UUID | None = Field(None, description="Instead of a code: chosen from a search")
    person: PersonGiven | None = Field(None, description="Instead of a code: somebody who walked in")
    type: Kind = "entry"
    happened_at: Instant = Field(alias="datetime", description="When it happened, by the clock of the device")
    nonce: Nonce = Field(description="Made by the device for this scan alone; sent again, it is the same scan")
    force: Truth = Field(False, description="It happened already, offline: recorded whatever the rules say now")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(one is not None for one in (self.secret, self.registration_id, self.person)) != 1:
            raise wrong_field("secret", "names_one", "name a secret, a registration or a person, and one of them alone")
        return self


class ScanBatch(BaseModel):
    """What a device scanned while it had no network."""

    model_config = shown({"scans": [_SCAN]}, closed=True)

    scans: Annotated[list[ScanCreate], Field(min_length=1, max_length=BATCH)]


class ScanUndo(BaseModel):
    """Which scan did not happen."""

    model_config = shown({"list": LIST, "nonce": "tablet-1:000017"}, closed=True)

    list_id: UUID = Field(alias="list")
    nonce: Nonce


class Arrival(BaseModel):
    """Who stands at the door: no more than has to be shown there."""

    name: str | None = Field(description="Null where the person has been erased")
    entity: str | None


_VERDICT = {
    "nonce": "tablet-1:000017",
    "list": LIST,
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
    "registration_id": REGISTRATION,
    "person": {"name": "Ada Przykładowa", "entity": "Fundacja"},
    "first_at": "2026-11-25T16:58:03Z",
    "problem": None,
}


class ScanVerdict(BaseModel):
    """What became of a scan. The same nonce gets the same answer."""

    model_config = shown(_VERDICT)

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
    problem: str | None = Field(description="For `error`: the code of the problem", examples=["nonce_reused"])


class BatchVerdicts(BaseModel):
    """A verdict for each scan of a batch, in its order."""

    model_config = shown({"items": [_VERDICT], "accepted": 1, "refused": 0})

    items: list[ScanVerdict]
    accepted: int
    refused: int


class ScanRead(BaseModel):
    """A scan as history keeps it: when it happened, and when it arrived. No names."""

    model_config = shown(
        {
            "id": "01900000-0000-7000-8000-0000000000c7",
            "list": LIST,
            "nonce": "tablet-1:000017",
            "type": "entry",
            "registration_id": REGISTRATION,
            "person_id": "01900000-0000-7000-8000-0000000000a2",
            "datetime": "2026-11-25T16:58:03Z",
            "received_at": "2026-11-27T08:00:00Z",
            "device": DEVICE,
            "forced": False,
            "reason": None,
            "undone_at": None,
            "undone_by": None,
        }
    )

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


_DOOR_PERSON = {
    "registration_id": REGISTRATION,
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "reason": None,
    "person": {"name": "Ada Przykładowa", "entity": "Fundacja"},
    "entered": False,
    "inside": False,
}


class DoorPerson(BaseModel):
    """A registration as a device keeps it offline. Names stand beside those alone who may come in."""

    model_config = shown(_DOOR_PERSON)

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

    model_config = shown({"items": [_DOOR_PERSON], "more": False})

    items: list[DoorPerson]
    more: bool = Field(description="There are more: write more of the name")


class CodeRevoked(BaseModel):
    """A registration whose code was replaced. The code itself goes to the person alone."""

    model_config = shown({"event_id": EVENT, "id": REGISTRATION, "version": 2})

    event_id: UUID
    id: UUID
    version: int
