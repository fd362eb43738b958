"""Wire shapes of refreshes."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.dates import Day


class RefreshRequest(BaseModel):
    """What to pull; by default today and each year's end since the baseline."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"as_of": "2025-12-31"}]})

    as_of: Day | None = Field(None, ge=date(1900, 1, 1), description="Only this day, and the year that it lies in")


class DemonstrationCleared(BaseModel):
    """What clearing did, and the refresh that follows."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"withdrawn": 46, "job": "019ac3b0-0000-7000-8000-000000000006"}]}
    )

    withdrawn: int = Field(description="Observations that rested on demonstration rows")
    job: UUID = Field(description="The refresh that counts anew: `GET /v1/indicators/refresh/{id}`")
