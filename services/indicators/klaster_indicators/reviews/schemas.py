"""Wire shapes of reviews and their decisions."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field, field_validator, model_validator

from klaster_indicators.document.parts import Code, IndicatorCode, Text
from klaster_indicators.document.values import Direction, Target
from klaster_indicators.reviews.examples import REVIEW_CREATE, REVIEW_READ
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import LongText, ShortText

Verdict = Literal["confirmed", "corrected", "dropped"]
ReviewState = Literal["open", "applied"]
Outcome = Literal["kept", "retargeted", "retired", "deleted", "gone"]
Reason = Annotated[LongText, Field(max_length=4000)]


class ReviewParticipant(BaseModel):
    """Who took part: a role, and the organisation it was taken for; never a person's name."""

    model_config = ConfigDict(extra="forbid")

    role: ShortText = Field(examples=["Chair of the council"])
    entity: UUID | None = Field(None, description="The organisation, an entity of the registry")
    name: ShortText | None = Field(None, description="The organisation's name")


class CorrectedTarget(BaseModel):
    """The new target of one measure; null: it has none from now on."""

    model_config = ConfigDict(extra="forbid")

    measure: Code
    target: Target | None
    direction: Direction | None = Field(None, description="Where it changes with the target")


class ReviewCorrection(BaseModel):
    """What the next edition is to say of a goal."""

    model_config = ConfigDict(extra="forbid")

    targets: list[CorrectedTarget] = Field(min_length=1, max_length=50)
    printed: Text | None = Field(None, description="How the next edition prints the target of a goal")

    @field_validator("targets")
    @classmethod
    def _each_once(cls, targets: list[CorrectedTarget]) -> list[CorrectedTarget]:
        if len({target.measure for target in targets}) < len(targets):
            raise ValueError("a measure has one new target")
        return targets


class ReviewDecisionGiven(BaseModel):
    """What the council decided on one goal or indicator."""

    model_config = ConfigDict(extra="forbid")

    code: IndicatorCode
    decision: Verdict
    reason: Reason | None = Field(None, description="Needed for whatever is not confirmed")
    correction: ReviewCorrection | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.decision == "corrected") != (self.correction is not None):
            raise wrong_field("correction", "correction", "What is corrected, and nothing else, has a correction")
        if self.decision != "confirmed" and self.reason is None:
            raise wrong_field("reason", "reason_missing", "Say why it is not confirmed")
        return self


Participants = Annotated[list[ReviewParticipant], Field(max_length=200)]
Decisions = Annotated[list[ReviewDecisionGiven], Field(max_length=500)]


class ReviewCreate(BaseModel):
    """A review of an edition."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [REVIEW_CREATE]})

    on: Day
    edition: Code
    title: ShortLabel
    participants: Participants = []
    decisions: Decisions = []
    note: Reason | None = None
    demonstration: Truth = False


class ReviewUpdate(BaseModel):
    """A change (JSON Merge Patch); lists are replaced as a whole."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"decisions": [{"code": "C.1.1-1", "decision": "confirmed"}]}]}
    )

    on: Day | MISSING = MISSING
    title: ShortLabel | MISSING = MISSING
    participants: Participants | MISSING = MISSING
    decisions: Decisions | MISSING = MISSING
    note: Reason | MISSING | None = MISSING


class ReviewApplication(BaseModel):
    """The draft that the corrections flow into."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"edition": "klsk-2027"}]})

    edition: Code = Field(description="Code of a draft")


class ReviewListParameters(PageParameters):
    """Filters of the list of reviews; one given twice asks for either."""

    edition: list[Code] = Field([], max_length=50)
    indicator: list[IndicatorCode] = Field([], max_length=100, description="With a decision on one of these")
    decision: list[Verdict] = Field([], description="With such a decision; on `indicator`, where that is named")
    state: ReviewState | None = None
    since: Day | None = None
    until: Day | None = None
    demonstration: bool | None = None


class ReviewParticipantRead(BaseModel):
    """Who took part."""

    role: str
    entity: UUID | None
    name: str | None


class ReviewDecisionRead(BaseModel):
    """What the council decided on one goal or indicator, and what became of it."""

    code: str
    decision: Verdict
    reason: str | None
    correction: dict[str, Any] | None = Field(description="As it was stated")
    outcome: Outcome | None = Field(description="In the draft that the review was applied to; gone: it was not there")


class ReviewApplied(BaseModel):
    """When the review was applied, and to which draft."""

    edition: str
    at: datetime


class ReviewRead(BaseModel):
    """A review of the strategy by the council."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEW_READ]})

    id: UUID
    on: date
    edition: str
    title: LabelText
    participants: list[ReviewParticipantRead]
    decisions: list[ReviewDecisionRead]
    counts: dict[Verdict, int]
    state: ReviewState
    applied: ReviewApplied | None
    note: str | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
