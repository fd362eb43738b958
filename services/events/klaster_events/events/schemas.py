"""Wire shapes of events."""

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_events.entities.schemas import EntityName
from klaster_events.events.examples import CHANGE, EVENT, NEW_EVENT, NOTE, RESCHEDULE
from klaster_events.events.questions import Question, Questions
from klaster_shared.dates import Day, Moment
from klaster_shared.labels import Label, LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code, LanguageCode, LongText, ShortText

State = Literal["draft", "published", "postponed", "cancelled", "completed"]
Visibility = Literal["public", "partners", "sig"]


class EventTitle(Label):
    """The title in both languages."""

    pl: ShortText
    en: ShortText


@cache
def _zones() -> frozenset[str]:
    """Read once: the system's files are looked through each time, which takes longer than adding an event."""
    return frozenset(available_timezones())


def _zone_exists(name: str) -> str:
    if name not in _zones():
        raise ValueError("this is not a time zone of the IANA database")
    return name


ZoneName = Annotated[str, AfterValidator(_zone_exists), Field(max_length=60, examples=["Europe/Warsaw"])]
Instant = Annotated[Moment, AfterValidator(lambda moment: moment.astimezone(UTC))]
Seats = Annotated[Whole, Field(ge=1, le=100_000)]
OfferHours = Annotated[Whole, Field(ge=1, le=24 * 14, description="How long a freed seat is held for the next in line")]
OnlineAddress = Annotated[
    str,
    Field(
        pattern=r"^https://[^\s/]+(/\S*)?$",
        max_length=2000,
        description="Shown to the office, the organisers and registered people alone",
        examples=["https://meet.example.org/abc"],
    ),
]
Languages = Annotated[
    list[LanguageCode], AfterValidator(lambda codes: list(dict.fromkeys(codes))), Field(max_length=10)
]
CoOrganisers = Annotated[list[UUID], Field(max_length=50, description="Entities that organise it with the organiser")]


class Description(Label):
    """What the event is about, in both languages; lines may break."""

    pl: Annotated[LongText, Field(max_length=20_000)]
    en: Annotated[LongText, Field(max_length=20_000)]


class EventCreate(BaseModel):
    """A new event. What took place before it was written down here may come in as completed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEW_EVENT]})

    type: Code
    series: Code | None = None
    organiser: UUID = Field(description="The entity of the registry that organises it")
    co_organisers: CoOrganisers = []
    sig: Code | None = Field(None, description="Special interest group, by its code in the registry")
    path: Code | None = Field(None, description="Path of the strategy, by its code")
    title: EventTitle
    description: Description | None = None
    languages: Languages = Field([], description="Spoken there; empty: not said")
    visibility: Visibility = Field("public", description="Who sees it: everybody, partners, or the partners of `sig`")
    starts_at: Instant
    ends_at: Instant
    zone: ZoneName = "Europe/Warsaw"
    place: ShortText | None = None
    online: Truth = False
    online_url: OnlineAddress | None = None
    registration_from: Instant | None = Field(None, description="Null: from the day it is published")
    registration_until: Instant | None = Field(None, description="Null: until it begins")
    approval: Truth = Field(False, description="The organiser says yes to each who registers")
    offer_hours: OfferHours | None = Field(None, description="Null: a freed seat is at once whose turn it is")
    questions: Questions = []
    capacity: Seats | None = Field(None, description="Seats; null: no limit")
    state: Literal["draft", "published", "completed"] = "draft"
    demonstration: Truth = False
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")] = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = Field(
        None, description="Its key in that source; its id where none is given"
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("the event ends before it begins")
        return self


class EventUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CHANGE]})

    type: Code | MISSING = MISSING
    series: Code | MISSING | None = MISSING
    organiser: UUID | MISSING = MISSING
    co_organisers: CoOrganisers | MISSING = MISSING
    sig: Code | MISSING | None = MISSING
    path: Code | MISSING | None = MISSING
    title: EventTitle | MISSING = MISSING
    description: Description | MISSING | None = MISSING
    languages: Languages | MISSING = MISSING
    visibility: Visibility | MISSING = MISSING
    starts_at: Instant | MISSING = MISSING
    ends_at: Instant | MISSING = MISSING
    zone: ZoneName | MISSING = MISSING
    place: ShortText | MISSING | None = MISSING
    online: Truth | MISSING = MISSING
    online_url: OnlineAddress | MISSING | None = MISSING
    registration_from: Instant | MISSING | None = MISSING
    registration_until: Instant | MISSING | None = MISSING
    approval: Truth | MISSING = MISSING
    offer_hours: OfferHours | MISSING | None = MISSING
    questions: Questions | MISSING = MISSING
    capacity: Seats | MISSING | None = MISSING


class Note(BaseModel):
    """What people are told beside the news itself."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NOTE]})

    note: ShortLabel | None = Field(
        None,
        description="A sentence for those who registered",
        examples=[{"pl": "Zapraszamy wiosną.", "en": "See you in spring."}],
    )


class Reschedule(Note):
    """New times of a postponed event, and a new place where it has one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [RESCHEDULE]})

    starts_at: Instant
    ends_at: Instant
    zone: ZoneName | MISSING = MISSING
    place: ShortText | MISSING | None = MISSING
    online: Truth | MISSING = MISSING
    online_url: OnlineAddress | MISSING | None = MISSING
    registration_from: Instant | MISSING | None = MISSING
    registration_until: Instant | MISSING | None = MISSING


class SeatsRead(BaseModel):
    """How many seats are taken, and how many people wait for one."""

    confirmed: int
    held: int = Field(description="Kept for somebody who has yet to confirm the address, or to accept an offer")
    waiting: int
    free: int | None = Field(description="Null where there is no limit")


class EventRead(BaseModel):
    """An event, with numbers of people and no names."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    id: UUID
    type: str
    series: str | None
    organiser: EntityName
    co_organisers: list[EntityName]
    sig: str | None
    path: str | None
    title: LabelText
    description: LabelText | None
    languages: list[str] = Field(description="Empty: not said")
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None
    online: bool
    online_url: str | None = Field(description="Null but for the office and the organisers")
    registration_from: datetime | None
    registration_until: datetime | None
    approval: bool
    offer_hours: int | None
    questions: list[Question]
    capacity: int | None
    state: State
    sequence: int = Field(description="Grows with each change of time or place (RFC 5545)")
    seats: SeatsRead
    present: int = Field(description="Different people who came")
    demonstration: bool
    source: str
    source_key: str
    version: int
    created_at: datetime
    updated_at: datetime


class EventFilters(BaseModel):
    """Which events are meant. Repeated parameters mean "or", different ones "and"."""

    model_config = {"extra": "ignore"}

    q: str | None = Field(None, max_length=200, description="Words in title or place; accents do not matter")
    from_: Day | None = Field(None, alias="from", description="Begins on or after this day, of the cluster's zone")
    to: Day | None = Field(None, description="Ends on or before this day")
    ended_from: Day | None = Field(
        None, description="Ends on or after this day: an event over New Year's Eve belongs to the year it ends in"
    )
    ended_to: Day | None = Field(None, description="Ends on or before this day")
    type: list[Code] = Field([])
    counts_as: list[str] = Field([], max_length=50, description="Of a type that counts as one of these")
    state: list[State] = Field([])
    series: list[Code] = Field([])
    organiser: list[UUID] = Field(
        [], description="Organised, alone or with others, by one of these or by an entity merged into it"
    )
    visibility: list[Visibility] = Field([])
    path: list[Code] = Field([])
    sig: list[Code] = Field([])
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class EventListParameters(EventFilters, PageParameters):
    """Filters and order of the list of events."""

    sort: str | None = Field(None, description="starts_at, title, created_at, updated_at; `-`: descending")
