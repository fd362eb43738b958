"""Wire shapes of surveys."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import Year
from klaster_shared.dates import Day
from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth

SurveyState = Literal["open", "closed"]
_EXAMPLE: dict[str, Any] = {
    "year": 2025,
    "state": "open",
    "deadline": "2026-03-31",
    "note": {"pl": "Kwoty za rok kalendarzowy 2025", "en": "Amounts of the calendar year 2025"},
    "demonstration": False,
}


class SurveyCreate(BaseModel):
    """The survey about a calendar year."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    year: Year = Field(description="The calendar year that it asks about")
    state: SurveyState = Field("open", description="A closed survey takes answers from the office alone")
    deadline: Day | None = Field(None, description="Until when partners are asked to answer")
    note: Label | None = None
    demonstration: Truth = False


class SurveyUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"state": "closed", "deadline": "2026-04-15"}]}
    )

    state: SurveyState | MISSING = MISSING
    deadline: Day | MISSING | None = MISSING
    note: Label | MISSING | None = MISSING


class SurveyListParameters(PageParameters):
    """Filters of the list of surveys."""

    state: list[SurveyState] = Field([])
    demonstration: bool | None = None


class SurveyRead(BaseModel):
    """The survey about a calendar year."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "note": "Amounts of the calendar year 2025",
                    "version": 1,
                    "created_at": "2026-01-12T09:00:00Z",
                    "updated_at": "2026-01-12T09:00:00Z",
                }
            ]
        }
    )

    year: int
    state: SurveyState
    deadline: date | None
    note: LabelText | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
