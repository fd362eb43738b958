"""Wire shapes of the scorecard."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_indicators.document.values import Direction, Period
from klaster_indicators.document.values import Status as ValueStatus
from klaster_indicators.indicators.schemas import BaselineRead, PathReference, TargetRead
from klaster_indicators.scorecard.arithmetic import Method, Status
from klaster_indicators.scorecard.examples import SCORE, SCORECARD
from klaster_shared.dates import Moment, PartialDate
from klaster_shared.decimals import Number
from klaster_shared.labels import Label, LabelText


class StaleRead(BaseModel):
    """Why a value may no longer be what its source would say."""

    since: datetime | None = Field(description="When its source was last heard; null: never")
    problem: str


class ValueRead(BaseModel):
    """An observed value: the latest one, or what the running period has come to."""

    observation: UUID
    value: Number | None
    status: ValueStatus | None
    printed: str | None
    approximate: bool
    unit: str
    period: Period
    year: int = Field(description="The year it is of; of a window, its last one")
    from_: date = Field(serialization_alias="from")
    to: date
    complete: bool
    origin: Literal["live", "manual"]
    source: str
    figure: str | None
    definition: Label | None
    rows: str | None = Field(description="The list of exactly the rows counted")
    demonstration: int = Field(description="How many of the rows counted are demonstration data")
    recorded_at: datetime
    stale: StaleRead | None


class ExpectedRead(BaseModel):
    """What the straight line asks for: on the day asked for; for flows, at the end of the last complete period."""

    value: Number
    on: date


class IndicatorReference(BaseModel):
    """An indicator, by name."""

    id: UUID
    code: str
    name: LabelText


class MeasureScore(BaseModel):
    """One measure: where it started, where it is to go, where it is, and what can be said of that."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCORE]})

    indicator: IndicatorReference
    measure: str
    level: str
    path: PathReference
    programme: str | None
    effects: list[str]
    unit: str
    period: Period
    direction: Direction | None
    sig: str | None
    scope: str | None
    rule: str | None
    ambiguous: bool
    note: str | None
    live: str | None
    baseline: BaselineRead
    target: TargetRead | None = Field(description="Of several by year the one of the period that the day lies in")
    latest: ValueRead | None = Field(description="The newest value up to the day; of a flow, its last complete period")
    to_date: ValueRead | None = Field(description="What the running period has come to; never part of progress")
    status: Status
    method: Method | None
    progress: Number | None = Field(description="Share of the way, or of the target where `method` says level")
    change: Number | None = Field(description="Latest value less baseline")
    expected: ExpectedRead | None
    required_per_year: Number | None
    reasons: dict[str, LabelText] = Field(description="Why a number is missing, by its name")


class Coverage(BaseModel):
    """How much of what is shown rests on data."""

    measures: int
    with_baseline: int = Field(description="Whose baseline is a number")
    with_target: int = Field(description="Whose target resolves to a number")
    with_latest: int
    live: int = Field(description="That another service counts")
    stale: int = Field(description="Whose latest value is marked stale")
    demonstration: int = Field(description="Whose latest value rests on demonstration rows")


class Lacking(BaseModel):
    """What a measure lacks, and why."""

    indicator: str
    measure: str
    lacks: Literal["baseline", "target", "latest"]
    why: LabelText


class ScorecardRead(BaseModel):
    """Every measure of the strategy on one day."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCORECARD]})

    as_of: date
    edition: str | None = Field(description="Null before a strategy is adopted")
    items: list[MeasureScore]
    counts: dict[Status, int] = Field(description="How many measures are in each status; never averaged")
    coverage: Coverage
    lacking: list[Lacking]


class ScorecardParameters(BaseModel):
    """What the scorecard shows; repeated parameters mean any of them."""

    edition: str | None = Field(
        None, max_length=60, description="Code of an edition; the one in force on `as_of` by default"
    )
    path: list[str] = Field(default_factory=list, max_length=20, description="Number or code: `1`, `entities`")
    level: list[str] = Field(default_factory=list, max_length=10, description="`B` or `C`")
    programme: list[str] = Field(default_factory=list, max_length=50)
    sig: list[str] = Field(default_factory=list, max_length=50, description="Code of a special interest group")
    status: list[Status] = Field(default_factory=list, max_length=20)
    as_of: PartialDate | None = Field(
        None, description="What was true at the end of this day, month or year; today by default"
    )
    known_at: Moment | None = Field(
        None, description="By what we had recorded at that instant, with its offset; now by default"
    )
