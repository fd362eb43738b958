"""Wire shapes of bookings, free slots and times without bookings."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_events.entities.schemas import EntityName
from klaster_events.events.schemas import Instant
from klaster_events.people.schemas import AttendeeRead, PersonGiven
from klaster_events.resources.schemas import ResourceKind, TermsRead
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.labels import LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import LongText, ShortText

BookingState = Literal["requested", "approved", "declined", "cancelled", "used"]
EndedBy = Literal["visitor", "booker", "owner", "office", "erased", "lapsed"]
_WHEN: dict[str, Any] = {"starts_at": "2026-12-01T08:00:00Z", "ends_at": "2026-12-01T10:00:00Z"}
_BOOKING: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000008",
    "resource": {"id": "0190163d-8694-739b-aea5-966c26f8ad90", "kind": "lab", "name": "NMR laboratory"},
    "owner": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Instytut Farmakologii PAN"},
    "entity": {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"},
    "person_id": "01930000-0000-7000-8000-000000000004",
    **_WHEN,
    "state": "approved",
    "ended_by": None,
    "terms_version": 1,
    "demonstration": False,
    "version": 2,
    "created_at": "2026-11-24T09:00:00Z",
    "updated_at": "2026-11-24T10:00:00Z",
}
_PERSON = {"id": "01930000-0000-7000-8000-000000000004", "name": "Ada Przykładowa", "email": "ada@example.org"}
_IN_FULL: dict[str, Any] = {
    **_BOOKING,
    "person": _PERSON,
    "purpose": "Widma pięciu próbek",
    "answer": None,
    "terms": {"version": 1, "text": "Safety training on site, samples labelled."},
}


class BookingCreate(BaseModel):
    """A booking, or a request for one where the owner approves each."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "resource": "0190163d-8694-739b-aea5-966c26f8ad90",
                    "entity": "01900000-0000-7000-8000-000000000002",
                    "person": {"name": "Ada Przykładowa", "email": "ada@example.org"},
                    **_WHEN,
                    "accepts_terms": 1,
                    "purpose": "Widma pięciu próbek",
                }
            ]
        },
    )

    resource: UUID
    entity: UUID | None = Field(None, description="For whom; a partner's own entity where left out")
    person: PersonGiven = Field(description="Who comes; shown to the owner, the entity and the office")
    starts_at: Instant = Field(description="Where a slot begins")
    ends_at: Instant = Field(description="Where a slot ends: the same one, or one right after it")
    accepts_terms: Whole | None = Field(None, description="The version of the terms that is accepted")
    purpose: Annotated[LongText, Field(max_length=4000)] | None = Field(None, description="For the owner")
    language: Literal["pl", "en"] = Field("pl", description="Of messages to whoever comes")
    state: Literal["used"] | None = Field(
        None, description="The office alone: use of a time that is over, which was arranged elsewhere"
    )
    demonstration: Truth = Field(False, description="The office alone says so")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise wrong_field("ends_at", "in_order", "It ends before it begins")
        return self


class Answer(BaseModel):
    """What is said with a decision."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "Aparat jest wtedy w serwisie"}]}
    )

    note: ShortText | None = Field(None, description="For whoever booked")


class ResourceNamed(BaseModel):
    """A resource, named."""

    id: UUID
    kind: ResourceKind
    name: LabelText


class BookingRead(BaseModel):
    """A booking, without who comes."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BOOKING]})

    id: UUID
    resource: ResourceNamed
    owner: EntityName
    entity: EntityName = Field(description="For whom")
    person_id: UUID = Field(description="Who comes: a random id, which stays when the person is erased")
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    ended_by: EndedBy | None = Field(
        description="Of one that was declined or cancelled; `visitor`: whoever was to come"
    )
    terms_version: int | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class BookingInFull(BookingRead):
    """A booking with who comes, for those who may know."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IN_FULL]})

    person: AttendeeRead
    purpose: str | None = Field(description="Null where nothing was said, or the person was erased")
    answer: str | None = Field(description="What the owner says of it")
    terms: TermsRead | None = Field(description="The terms that were accepted, as they were")


class BookingListParameters(PageParameters):
    """Filters of bookings. Repeated parameters mean "or", different ones "and"."""

    direction: Literal["received", "sent"] | None = Field(
        None, description="Of resources of one's own, or of one's own people"
    )
    state: list[BookingState] = Field([])
    resource: list[UUID] = Field([], max_length=500)
    owner: list[UUID] = Field([], max_length=500, description="Of resources of one of these, after all merges")
    entity: list[UUID] = Field([], max_length=500, description="For one of these, after all merges")
    starts_from: Day | None = Field(None, description="Begins on or after this day, of the cluster's zone")
    starts_to: Day | None = Field(None, description="Begins on or before this day")
    ended_from: Day | None = Field(None, description="Ends on or after this day, of the cluster's zone")
    ended_to: Day | None = Field(None, description="Ends on or before this day")
    demonstration: bool | None = None


class SlotRead(BaseModel):
    """A slot of a resource."""

    starts_at: datetime
    ends_at: datetime
    free: bool


class SlotsRead(BaseModel):
    """The slots of some days."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"zone": "Europe/Warsaw", "slot_minutes": 120, "items": [{**_WHEN, "free": True}]}]
        }
    )

    zone: str
    slot_minutes: int
    items: list[SlotRead]


class SlotsParameters(BaseModel):
    """Which days."""

    model_config = {"extra": "ignore", "populate_by_name": True}

    from_: Day | None = Field(None, alias="from", description="The first day, on the resource's clock; today")
    to: Day | None = Field(None, description="The last day, at most 31 after the first; six days on")
    free: bool | None = Field(None, description="Only those that can be booked now, or only the others")


class BlackoutIn(BaseModel):
    """A time without bookings."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**_WHEN, "note": "Serwis"}]})

    starts_at: Instant
    ends_at: Instant
    note: ShortText | None = None
    cancel_bookings: Truth = Field(False, description="Cancel those that stand in it; else they are in the way")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise wrong_field("ends_at", "in_order", "It ends before it begins")
        return self


class BlackoutRead(BaseModel):
    """A time without bookings."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01930000-0000-7000-8000-000000000009",
                    **_WHEN,
                    "note": "Serwis",
                    "created_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    starts_at: datetime
    ends_at: datetime
    note: str | None
    created_at: datetime
