"""Wire shapes of observations."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_indicators.document.parts import Quantity
from klaster_indicators.document.values import Period, Status
from klaster_indicators.observations import examples
from klaster_shared.dates import Day as AnyDay
from klaster_shared.decimals import Number
from klaster_shared.labels import Label
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import LongText, ShortText

State = Literal["draft", "verified", "superseded"]
Reason = Annotated[ShortText, Field(min_length=3)]
EvidenceLink = Annotated[
    str,
    Field(
        pattern=r"^(https?://\S+|/v1/indicators/[A-Z](\.[0-9]+)+-[0-9]+/evidence/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$",
        max_length=2000,
        description="A link, or the `link` of a file of the indicator's evidence",
    ),
]
Day = Annotated[AnyDay, Field(ge=date(1900, 1, 1))]


class ObservationCreate(BaseModel):
    """A value that somebody found."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [examples.CREATE]})

    measure: ShortText | None = Field(None, max_length=60, description="Its code; not needed where there is one")
    value: Quantity | None = None
    status: Status | None = Field(None, description="In place of a value; `none` counts as 0")
    approximate: Truth = False
    printed: ShortText | None = Field(None, description="As its source prints it")
    unit: ShortText | None = Field(None, max_length=60, description="The measure's own by default")
    period: Period | None = Field(None, description="The measure's own by default")
    on: Day | None = Field(None, description="The day of a point, the last day of a cumulative sum")
    since: Day | None = Field(None, description="First day of a cumulative sum, where it is known")
    year: Whole | None = Field(None, ge=1900, le=2200, description="The year of a flow, the last year of a window")
    state: Literal["draft", "verified"] = "draft"
    source: LongText
    evidence: list[EvidenceLink] = Field(default_factory=list, max_length=50)
    note: LongText | None = None
    reason: Reason | None = Field(None, description="Needed where a verified value of the same period is restated")

    @model_validator(mode="after")
    def _one_reading(self) -> Self:
        if (self.value is None) == (self.status is None):
            raise ValueError("an observation has a value, or a status that stands in its place: one of them")
        return self


class ObservationUpdate(BaseModel):
    """A step of an observation: verified, or withdrawn."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"state": "superseded", "reason": "counted twice"}]}
    )

    state: Literal["verified", "superseded"]
    reason: Reason | None = None


class ObservationRead(BaseModel):
    """A value of a measure, with where it comes from."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.READ]})

    id: UUID
    indicator: str
    measure: str
    state: State
    origin: Literal["live", "manual"]
    value: Number | None
    status: Status | None
    approximate: bool
    printed: str | None
    unit: str
    period: Period
    from_: date = Field(serialization_alias="from", description="First day of its period; of a point, the day")
    to: date
    complete: bool = Field(description="False while the period is still running")
    source: str
    evidence: list[str]
    note: str | None
    figure: str | None = Field(description="The live figure it was pulled from")
    definition: Label | None = Field(description="What the figure counted, in its source's words then")
    rows: str | None = Field(description="The list of exactly the rows counted")
    demonstration: int = Field(description="How many of the rows counted are demonstration data")
    pulled_at: datetime | None
    checked_at: datetime | None = Field(description="When its source was last seen to say the same")
    reason: str | None = Field(description="Why it stands in place of an earlier one")
    supersedes: UUID | None
    superseded_at: datetime | None
    superseded_reason: str | None
    recorded_at: datetime
    recorded_by: str | None = Field(description="An opaque id, for the office alone")
    version: int


class ObservationListParameters(PageParameters):
    """Filters of an indicator's observations."""

    measure: list[str] = Field(default_factory=list, max_length=50)
    state: list[State] = Field(default_factory=list, max_length=3)
    since: Day | None = Field(None, description="Ending on this day or later")
    until: Day | None = Field(None, description="Ending on this day or earlier")
