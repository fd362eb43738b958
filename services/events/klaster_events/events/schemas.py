"""Wire shapes of events."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import MISSING, AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from klaster_events.entities.schemas import EntityName
from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import Code, ShortText

State = Literal["draft", "published", "cancelled", "completed"]


class EventTitle(Label):
    """The title in both languages."""

    pl: ShortText
    en: ShortText


def _zone_exists(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("this is not a time zone of the IANA database")
    return name


ZoneName = Annotated[str, AfterValidator(_zone_exists), Field(max_length=60, examples=["Europe/Warsaw"])]
Instant = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Seats = Annotated[int, Field(ge=1, le=100_000)]


class EventCreate(BaseModel):
    """A new event. What took place before it was written down here may come in as completed."""

    model_config = ConfigDict(extra="forbid")

    type: Code
    series: Code | None = None
    organiser: UUID = Field(description="The entity of the registry that organises it")
    sig: Code | None = Field(None, description="Special interest group, by its code in the registry")
    path: Code | None = Field(None, description="Path of the strategy, by its code")
    title: EventTitle
    starts_at: Instant
    ends_at: Instant
    zone: ZoneName = "Europe/Warsaw"
    place: ShortText | None = None
    online: bool = False
    capacity: Seats | None = Field(None, description="Seats; null: no limit")
    state: Literal["draft", "published", "completed"] = "draft"
    demonstration: bool = False
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")] = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = Field(
        None, description="Its key in that source; its id where none is given"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("the event ends before it begins")
        return self


class EventUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(extra="forbid")

    type: Code | MISSING = MISSING
    series: Code | MISSING | None = MISSING
    organiser: UUID | MISSING = MISSING
    sig: Code | MISSING | None = MISSING
    path: Code | MISSING | None = MISSING
    title: EventTitle | MISSING = MISSING
    starts_at: Instant | MISSING = MISSING
    ends_at: Instant | MISSING = MISSING
    zone: ZoneName | MISSING = MISSING
    place: ShortText | MISSING | None = MISSING
    online: bool | MISSING = MISSING
    capacity: Seats | MISSING | None = MISSING


class SeatsRead(BaseModel):
    """How many seats are taken, and how many people wait for one."""

    confirmed: int
    held: int = Field(description="Kept for somebody who has yet to confirm the address, or to accept an offer")
    waiting: int
    free: int | None = Field(description="Null where there is no limit")


class EventRead(BaseModel):
    """An event, with numbers of people and no names."""

    id: UUID
    type: str
    series: str | None
    organiser: EntityName
    sig: str | None
    path: str | None
    title: LabelText
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None
    online: bool
    capacity: int | None
    state: State
    seats: SeatsRead
    present: int = Field(description="Different people who came")
    demonstration: bool
    source: str
    source_key: str
    version: int
    created_at: datetime
    updated_at: datetime


class EventListParameters(PageParameters):
    """Filters of the list of events. Repeated parameters mean "or", different ones "and"."""

    sort: str | None = Field(None, description="starts_at, title, created_at, updated_at; `-`: descending")
    q: str | None = Field(None, max_length=200, description="Words in title or place; accents do not matter")
    from_: date | None = Field(None, alias="from", description="Begins on or after this day, of the cluster's zone")
    to: date | None = Field(None, description="Ends on or before this day")
    ended_from: date | None = Field(
        None, description="Ends on or after this day: an event over New Year's Eve belongs to the year it ends in"
    )
    ended_to: date | None = Field(None, description="Ends on or before this day")
    type: list[Code] = Field([])
    counts_as: list[str] = Field([], max_length=50, description="Of a type that counts as one of these")
    state: list[State] = Field([])
    series: list[Code] = Field([])
    organiser: list[UUID] = Field([], description="Organised by one of these, or by an entity merged into it")
    path: list[Code] = Field([])
    sig: list[Code] = Field([])
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)
