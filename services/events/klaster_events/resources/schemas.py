"""Wire shapes of shared laboratories and services, and what the registry tells of them."""

from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_events.entities.schemas import EntityName
from klaster_events.people.schemas import PersonGiven
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code

ResourceKind = Literal["lab", "service"]
Approval = Literal["owner", "automatic"]
QUARTER = 15  # minutes: the grain of all slots, so that rules can change and nothing is booked twice
_LONGEST = 7 * 24 * 60
_HOUR = r"^([01][0-9]|2[0-3]):(00|15|30|45)$"
_UNTIL = r"^(([01][0-9]|2[0-3]):(00|15|30|45)|24:00)$"
_RULES: dict[str, Any] = {
    "open": True,
    "hours": [{"weekday": day, "from": "08:00", "to": "16:00"} for day in range(1, 6)],
    "slot_minutes": 60,
    "most_slots": 4,
    "notice_hours": 24,
    "horizon_days": 90,
    "approval": "owner",
}
_TERMS: dict[str, Any] = {
    "pl": "Szkolenie BHP na miejscu, próbki opisane.",
    "en": "Safety training on site, samples labelled.",
}


class Hours(BaseModel):
    """Open on one day of the week, on the resource's own clock."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    weekday: Annotated[Whole, Field(ge=1, le=7, description="1: Monday")]
    from_: Annotated[str, Field(alias="from", pattern=_HOUR, examples=["08:00"])]
    to: Annotated[str, Field(pattern=_UNTIL, examples=["16:00"], description="24:00: until midnight")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to <= self.from_:
            raise wrong_field(
                "to", "in_order", "It closes before it opens; what lasts over midnight stands on both days"
            )
        return self


def _apart(hours: list[Hours]) -> None:
    ordered = sorted(hours, key=lambda one: (one.weekday, one.from_))
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.from_ < before.to:
            raise wrong_field("hours", "overlap", f"Two spans of weekday {after.weekday} overlap")


class BookingRulesIn(BaseModel):
    """How a resource is booked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {**_RULES, "terms": _TERMS, "contact": {"name": "Ada Przykładowa", "email": "ada@example.org"}}
            ]
        },
    )

    open: Truth = Field(True, description="Whether it takes bookings now; those that stand are kept")
    hours: Annotated[list[Hours], Field(min_length=1, max_length=50)]
    slot_minutes: Annotated[Whole, Field(ge=QUARTER, le=24 * 60, multiple_of=QUARTER)] = 60
    most_slots: Annotated[Whole, Field(ge=1, le=96, description="The most slots of one booking")] = 8
    notice_hours: Annotated[Whole, Field(ge=0, le=8760, description="How long before it begins at the latest")] = 0
    horizon_days: Annotated[Whole, Field(ge=1, le=730, description="How far ahead at the most")] = 90
    approval: Approval = Field("owner", description="Whether the owner approves each, or whatever is free is booked")
    terms: Label | None = Field(None, description="What whoever books must accept; another text is another version")
    contact: PersonGiven | None = Field(None, description="Whom to tell of bookings; shown to nobody else")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        _apart(self.hours)
        if self.slot_minutes * self.most_slots > _LONGEST:
            raise wrong_field("most_slots", "too_long", "A booking lasts a week at the most")
        return self


class TermsRead(BaseModel):
    """Terms, and their number."""

    version: int
    text: LabelText


class BookingRulesRead(BaseModel):
    """How a resource is booked."""

    open: bool
    zone: str = Field(description="Whose clock the hours are")
    hours: list[Hours]
    slot_minutes: int
    most_slots: int
    notice_hours: int
    horizon_days: int
    approval: Approval
    terms: TermsRead | None = Field(description="What whoever books must accept, by its version")


class SharedRead(BaseModel):
    """When it is shared."""

    model_config = ConfigDict(populate_by_name=True)

    from_: date = Field(alias="from")
    to: date | None = Field(description="The last day; null: open")


class ResourceLab(BaseModel):
    """The laboratory of a service."""

    id: UUID
    name: LabelText | None


class ResourceRead(BaseModel):
    """A shared laboratory or service."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0190163d-8694-739b-aea5-966c26f8ad90",
                    "kind": "lab",
                    "name": "NMR laboratory",
                    "owner": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Instytut Farmakologii PAN"},
                    "lab": None,
                    "description": None,
                    "terms": "By appointment, prices on request",
                    "price": None,
                    "fields": ["medicine"],
                    "partners_only": False,
                    "shared": {"from": "2022-06-01", "to": None},
                    "booking": {
                        **_RULES,
                        "zone": "Europe/Warsaw",
                        "terms": {"version": 1, "text": _TERMS["en"]},
                    },
                    "demonstration": False,
                    "version": 3,
                    "updated_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    id: UUID = Field(description="The registry's: `/v1/labs/{id}` or `/v1/lab-services/{id}` tells more")
    kind: ResourceKind
    name: LabelText
    owner: EntityName
    lab: ResourceLab | None = Field(description="Of a service: its laboratory")
    description: LabelText | None
    terms: LabelText | None = Field(description="What the registry says of its terms")
    price: str | None
    fields: list[str]
    partners_only: bool
    shared: SharedRead | None
    booking: BookingRulesRead | None = Field(description="Null: it cannot be booked here")
    demonstration: bool
    version: int
    updated_at: datetime


class ResourceListParameters(PageParameters):
    """Filters of shared laboratories and services."""

    q: str | None = Field(None, max_length=200, description="Words in name or description; accents do not matter")
    kind: list[ResourceKind] = Field([])
    owner: list[UUID] = Field([], max_length=500, description="Of one of these, or of an entity merged into it")
    lab: list[UUID] = Field([], max_length=500, description="Services of these laboratories")
    field: list[Code] = Field([], max_length=50)
    bookable: bool | None = Field(None, description="It takes bookings here, or does not")
    partners_only: bool | None = None
    as_of: Day | None = Field(None, description="Shared on this day; today")
    demonstration: bool | None = None


class _Told(BaseModel):
    id: UUID


class _Period(BaseModel):
    from_: date = Field(alias="from")
    to: date | None = None


class ResourceFacts(BaseModel):
    """What this service keeps of a laboratory or a service, as the registry tells it; the rest is passed over."""

    id: UUID
    name: Label
    owner: _Told
    lab: _Told | None = None
    description: Label | None = None
    terms: Label | None = None
    price: str | None = None
    fields: list[str] = []
    partners_only: bool = False
    shared: _Period | None = None
    demonstration: bool = False
