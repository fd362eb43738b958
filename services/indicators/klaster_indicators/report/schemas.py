"""What the report is asked for with."""

from pydantic import BaseModel, Field

from klaster_shared.dates import Moment, PartialDate


class ReportParameters(BaseModel):
    """Which edition, on which day."""

    edition: str | None = Field(None, max_length=60, description="Code of an edition; the one in force by default")
    as_of: PartialDate | None = Field(
        None, description="What was true at the end of this day, month or year; today by default"
    )
    known_at: Moment | None = Field(
        None, description="By what we had recorded at that instant, with its offset; now by default"
    )
