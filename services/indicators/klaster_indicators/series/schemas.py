"""Wire shapes of the time line of a measure."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_indicators.document.values import Bound, Direction, Period, Status
from klaster_shared.dates import Moment, PartialDate
from klaster_shared.decimals import Number
from klaster_shared.labels import LabelText

LineMethod = Literal["straight_line"]


class SeriesIndicator(BaseModel):
    """Whose time line it is."""

    id: UUID
    code: str
    name: LabelText


class SeriesBaseline(BaseModel):
    """Where it started: a number, or the status in its place."""

    on: date
    year: int
    value: Number | None = Field(description="`none` counts as 0")
    status: Status | None
    approximate: bool
    printed: str | None
    period: Period
    comparable: bool = Field(description="False: it covers another period than the measure")


class SeriesTarget(BaseModel):
    """Where it is to go."""

    on: date
    year: int
    value: Number | None = Field(description="What the target resolves to")
    bound: Bound | None = Field(description="What counts as met; null: as the direction says")
    how: LabelText = Field(description="How it resolves")


class SeriesPoint(BaseModel):
    """The line on a day."""

    on: date
    value: Number


class ExpectedOfYear(BaseModel):
    """What the line asks for at the end of a year."""

    year: int
    on: date
    value: Number


class SeriesObservation(BaseModel):
    """A verified value."""

    id: UUID
    from_: date = Field(serialization_alias="from")
    to: date
    year: int
    value: Number | None
    status: Status | None
    approximate: bool
    printed: str | None
    unit: str
    period: Period
    comparable: bool = Field(description="False: of another period or unit than the measure, never joined with others")
    complete: bool = Field(description="False while its period is still running")
    origin: Literal["live", "manual"]
    source: str
    demonstration: int = Field(description="How many of the rows counted are demonstration data")


class MeasureSeriesRead(BaseModel):
    """The time line of a measure."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "indicator": {
                        "id": "019ac3b0-0000-7000-8000-000000000001",
                        "code": "C.1.1-1",
                        "name": "Entities registered in the RBW",
                    },
                    "measure": "registered",
                    "edition": "klsk-2022",
                    "unit": "entity",
                    "period": "point",
                    "direction": "increase",
                    "assessed": True,
                    "baseline": {
                        "on": "2021-12-31",
                        "year": 2021,
                        "value": 73,
                        "status": None,
                        "approximate": False,
                        "printed": "73",
                        "period": "point",
                        "comparable": True,
                    },
                    "target": {"on": "2025-12-31", "year": 2025, "value": 300, "bound": None, "how": "as stated"},
                    "interim": [],
                    "method": "straight_line",
                    "reason": None,
                    "line": [{"on": "2021-12-31", "value": 73}, {"on": "2025-12-31", "value": 300}],
                    "expected": [{"year": 2022, "on": "2022-12-31", "value": 129.711157}],
                    "observations": [
                        {
                            "id": "019ac3b0-0000-7000-8000-000000000002",
                            "from": "2024-06-30",
                            "to": "2024-06-30",
                            "year": 2024,
                            "value": 190,
                            "status": None,
                            "approximate": False,
                            "printed": None,
                            "unit": "entity",
                            "period": "point",
                            "comparable": True,
                            "complete": True,
                            "origin": "manual",
                            "source": "RBW",
                            "demonstration": 0,
                        }
                    ],
                    "earlier": False,
                }
            ]
        }
    )

    indicator: SeriesIndicator
    measure: str
    edition: str
    unit: str
    period: Period
    direction: Direction | None
    assessed: bool
    baseline: SeriesBaseline
    target: SeriesTarget | None
    interim: list[SeriesTarget] = Field(description="The targets of years before, where it is set period by period")
    method: LineMethod | None = Field(description="How the line between baseline and target is drawn")
    reason: LabelText | None = Field(description="Why there is no line")
    line: list[SeriesPoint] = Field(description="Its ends, and the targets in between; empty where there is none")
    expected: list[ExpectedOfYear] = Field(description="The line at the end of each year")
    observations: list[SeriesObservation] = Field(description="The oldest period first")
    earlier: bool = Field(description="Whether there are older observations than the 2000 that are shown")


class SeriesParameters(BaseModel):
    """Which time line is asked for."""

    model_config = ConfigDict(populate_by_name=True)

    measure: str | None = Field(None, max_length=60, description="Its code; not needed where there is one")
    edition: str | None = Field(None, max_length=60, description="Code of an edition; the one in force by default")
    from_: PartialDate | None = Field(None, alias="from", description="Ending on this day, month or year, or later")
    to: PartialDate | None = Field(None, description="Ending on this day, month or year, or earlier")
    known_at: Moment | None = Field(
        None, description="By what we had recorded at that instant, with its offset; now by default"
    )
