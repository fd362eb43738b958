"""Wire shapes of imports."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_indicators.observations.schemas import Reason

Verdict = Literal["created", "unchanged", "restated", "rejected", "skipped"]


class RowError(BaseModel):
    """One wrong cell."""

    pointer: str = Field(examples=["/value"])
    code: str
    detail: str


class ImportedRow(BaseModel):
    """What became of a row, or would."""

    sheet: str | None = Field(description="Null for CSV")
    row: int = Field(description="As a spreadsheet numbers it: the header is row 1")
    verdict: Verdict
    indicator: str | None
    measure: str | None
    observation: UUID | None = Field(description="Of `unchanged`: the one that stands; of what was stored: the new one")
    errors: list[RowError]


class ObservationImportRead(BaseModel):
    """The verdicts of an import."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dry_run": True,
                    "stored": False,
                    "counts": {"created": 1, "unchanged": 0, "restated": 0, "rejected": 1, "skipped": 0},
                    "items": [
                        {
                            "sheet": None,
                            "row": 2,
                            "verdict": "created",
                            "indicator": "C.1.1-1",
                            "measure": "registered",
                            "observation": None,
                            "errors": [],
                        },
                        {
                            "sheet": None,
                            "row": 3,
                            "verdict": "rejected",
                            "indicator": "C.1.1-1",
                            "measure": "registered",
                            "observation": None,
                            "errors": [{"pointer": "/value", "code": "number", "detail": "many is no number"}],
                        },
                    ],
                }
            ]
        }
    )

    dry_run: bool
    stored: bool = Field(description="Whether anything may have been written: false on a dry run")
    counts: dict[Verdict, int]
    items: list[ImportedRow]


class ImportParameters(BaseModel):
    """How rows are taken in."""

    dry_run: bool = Field(False, description="Only say what would become of each row")
    partial: bool = Field(False, description="Store the rows that can be stored, even if others are rejected")
    state: Literal["draft", "verified"] = Field("verified", description="What the values become")
    reason: Reason | None = Field(None, description="Of restated values, where their row states none")
