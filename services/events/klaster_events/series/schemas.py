"""Wire shapes of series."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import MISSING, BaseModel, ConfigDict, Field, model_validator

from klaster_shared.dates import Day
from klaster_shared.labels import Label, LabelText
from klaster_shared.plain import Truth
from klaster_shared.texts import Code

OPEN_END = date(9999, 12, 31)  # stored where a series has no last day: one comparison answers every day
SeriesCounts = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]],
    Field(
        max_length=10,
        description="What figures count it as: training, education, startup_support, campaign, lsos",
        examples=[["training"]],
    ),
]


class SeriesCreate(BaseModel):
    """A new series."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Label
    counts_as: SeriesCounts = []
    starts_on: Day = Field(description="First day on which it runs")
    ends_on: Day | None = Field(None, description="Last day on which it runs; null: still")
    demonstration: Truth = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("the last day lies before the first")
        return self


class SeriesUpdate(BaseModel):
    """A change (JSON Merge Patch); the code itself stays."""

    model_config = ConfigDict(extra="forbid")

    name: Label | MISSING = MISSING
    counts_as: SeriesCounts | MISSING = MISSING
    starts_on: Day | MISSING = MISSING
    ends_on: Day | MISSING | None = MISSING


class SeriesRead(BaseModel):
    """A series of events."""

    code: str
    name: LabelText
    counts_as: list[str]
    starts_on: date
    ends_on: date | None
    demonstration: bool
    version: int
    updated_at: datetime
