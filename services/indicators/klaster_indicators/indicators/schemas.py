"""Wire shapes of indicators, their measures, baselines and targets."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_indicators.document.values import Bound, Direction, Period, Status
from klaster_indicators.indicators import examples
from klaster_shared.dates import Moment, PartialDate
from klaster_shared.decimals import Number
from klaster_shared.labels import LabelText
from klaster_shared.pagination import PageParameters

_PRINTED = "What the document prints, to the letter; a cell that several measures share is given whole"


class PathReference(BaseModel):
    """A path, by name."""

    number: int
    code: str
    name: LabelText


class Reference(BaseModel):
    """A part of the framework, by name."""

    code: str
    name: LabelText


class BaselineRead(BaseModel):
    """Where a measure started: a number, or the status that stands in its place."""

    value: Number | None = Field(description="`none` counts as 0")
    status: Status | None = Field(description="Why there is no number, or that nothing of the kind existed")
    printed: str | None = Field(description=_PRINTED)
    approximate: bool
    ambiguous: bool
    year: int
    since: int | None = Field(description="First year of a cumulative sum")
    period: Period = Field(description="The period it covers; another than the measure's: not comparable")
    on: date = Field(description="The day it is of; of a period, its last day")
    by: dict[str, Any] | None = Field(description="By a breakdown that the document prints")
    by_year: dict[str, Any] | None
    source: str | None
    note: str | None


class TargetRead(BaseModel):
    """What a measure is to reach, with the number that it means and how that is reckoned."""

    value: Number | None = Field(description="Where the target is stated as a number")
    change_percent: Number | None = Field(description="Where it is stated as a change against the baseline")
    growth_percent_per_year: Number | None = Field(description="Where it is stated as growth a year")
    sum_of: list[str] | None = Field(description="The measures whose targets the value adds up")
    resolves_to: Number | None = Field(description="The number that it means; null where the baseline has none")
    bound: Bound | None = Field(
        description="What counts as met; null: as the direction says, within 10 % where a level is to be kept"
    )
    how: LabelText = Field(
        description="How it resolves", examples=["44 + 25 %", "5 x 1.25^4 (+ 25 % a year for 4 years)"]
    )
    printed: str | None = Field(description=_PRINTED)
    year: int
    on: date


class MeasureRead(BaseModel):
    """One number that is followed."""

    id: UUID
    code: str
    unit: str
    period: Period
    direction: Direction | None = Field(description="What the target asks for; null: none is set, increase is meant")
    live: str | None = Field(description="The figure that another service counts for it")
    scope: str | None
    rule: str | None
    sig: str | None = Field(description="The special interest group whose target it is")
    assessed: bool = Field(description="False: neither good nor bad by itself")
    ambiguous: bool
    note: str | None
    baseline: BaselineRead
    target: TargetRead | None
    interim: list[TargetRead] = Field(description="The targets of years before, where it is set period by period")


class PrintedRead(BaseModel):
    """The cells of a goal, to the letter."""

    baseline: str
    target: str
    note: str | None


class RetiredRead(BaseModel):
    """That the strategy no longer has an indicator: what is shown are the words of the last edition that had it."""

    edition: str = Field(description="The edition that dropped it", examples=["klsk-2026"])
    on: date = Field(description="The day from which that edition held")


class IndicatorRead(BaseModel):
    """An indicator of level B, or a goal of a programme (level C)."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INDICATOR]})

    id: UUID
    code: str
    name: LabelText
    edition: str
    level: str
    path: PathReference
    effects: list[Reference]
    programme: Reference | None
    measures: list[MeasureRead]
    printed: PrintedRead | None = Field(description="For goals: the document's own cells")
    source: str | None = Field(description="Source of verification")
    links: list[str]
    evidence: list[dict[str, Any]] = Field(description="What a baseline was counted from, item by item")
    context: list[dict[str, Any]] = Field(description="Other figures that the document prints beside it")
    ambiguous: bool = Field(description="The document can be read in more than one way: see `note`")
    note: str | None
    retired: RetiredRead | None = Field(description="Where the edition in force has dropped it; its observations stay")


class MeasureBaseline(BaseModel):
    """The baseline of one measure."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.MEASURE_BASELINE]})

    measure: str
    unit: str
    baseline: BaselineRead


class MeasureTarget(BaseModel):
    """The target of one measure."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.MEASURE_TARGET]})

    measure: str
    unit: str
    direction: Direction | None
    target: TargetRead | None
    interim: list[TargetRead] = Field(description="The targets of years before, where it is set period by period")


class BaselinesRead(BaseModel):
    """The baselines of an indicator's measures."""

    items: list[MeasureBaseline]


class TargetsRead(BaseModel):
    """The targets of an indicator's measures."""

    items: list[MeasureTarget]


class IndicatorListParameters(PageParameters):
    """Filters of the list of indicators; repeated ones mean any of them."""

    edition: str | None = Field(
        None, max_length=60, description="Code of an edition; the one in force on `as_of` by default"
    )
    as_of: PartialDate | None = Field(None, description="At the end of this day, month or year; today by default")
    known_at: Moment | None = Field(None, description="What we had recorded at that instant, with its offset")
    level: list[str] = Field(default_factory=list, max_length=10, description="`B` or `C`")
    path: list[str] = Field(default_factory=list, max_length=20, description="Number or code: `1`, `entities`")
    effect: list[str] = Field(default_factory=list, max_length=50, description="Code of an effect: `B.1.1`")
    programme: list[str] = Field(default_factory=list, max_length=50, description="Code of a programme: `C.1.1`")
    sig: list[str] = Field(default_factory=list, max_length=50, description="Code of a special interest group")
    live: bool | None = Field(None, description="Only those that other services count, or do not")
    q: str | None = Field(None, max_length=200, description="Words of code and name, accents and case folded")
