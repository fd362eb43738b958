"""Wire shapes of the report on the framework's quality."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from klaster_indicators.indicators.schemas import PathReference
from klaster_indicators.quality.findings import Kind, Severity
from klaster_shared.dates import Moment, PartialDate
from klaster_shared.labels import LabelText
from klaster_shared.texts import Code

_FINDING: dict[str, Any] = {
    "kind": "contradicting_figures",
    "label": "Contradicting figures",
    "severity": "high",
    "code": "B.1.2-1",
    "measure": "international",
    "level": "B",
    "path": {"number": 1, "code": "entities", "name": "Entities"},
    "place": {
        "table": "Indicators of effects",
        "pointer": "/effect_indicators/3/measures/0/baseline",
        "printed": "33",
        "note": "table 9 gives 44 for business entities active abroad in 2021 (C.1.3-1)",
    },
    "sentence": "B.1.2-1/international gives 33, C.1.3-1/abroad gives 44: both stand in the document",
}


class QualityParameters(BaseModel):
    """What part of the report is asked for; a filter given twice asks for either."""

    edition: Code | None = Field(None, description="Code of an edition; by default the one in force on the day")
    as_of: PartialDate | None = Field(None, description="Measured by the end of this day; today by default")
    known_at: Moment | None = Field(
        None, description="By what we had recorded at that instant, with its offset; now by default"
    )
    kind: list[Kind] = Field([])
    severity: list[Severity] = Field([])
    level: list[Code] = Field([], max_length=20)
    path: list[str] = Field([], max_length=20, description="Codes or numbers of paths")


class QualityPlace(BaseModel):
    """Where in the strategy a finding is."""

    table: LabelText
    pointer: str = Field(description="Its place in the edition's document, a JSON Pointer")
    printed: str | None = Field(description="What the document prints there, to the letter")
    note: str | None = Field(description="What the document's reading says of it")


class QualityFindingRead(BaseModel):
    """One thing that is wrong with one part of the strategy."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FINDING]})

    kind: Kind
    label: LabelText = Field(description="What findings of this kind are called")
    severity: Severity
    code: str = Field(description="Of the indicator, effect, task, group, network or rule")
    measure: str | None = Field(description="Code of the measure, where it is about one")
    level: str | None
    path: PathReference | None
    place: QualityPlace
    sentence: LabelText


class QualityRead(BaseModel):
    """What is wrong with the framework itself, as the edition stands and by what was measured until the day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as_of": "2026-11-24",
                    "edition": "klsk-2022",
                    "counts": {"contradicting_figures": 1},
                    "items": [_FINDING],
                }
            ]
        }
    )

    as_of: date
    edition: str | None = Field(description="Null before a strategy was adopted")
    counts: dict[Kind, int] = Field(description="How many of each kind were found; those that are none are left out")
    items: list[QualityFindingRead]
