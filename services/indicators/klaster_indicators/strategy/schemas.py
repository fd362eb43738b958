"""Wire shapes of editions."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_indicators.document import examples
from klaster_indicators.document.cluster import Method, UpdateCycle
from klaster_indicators.document.parts import Code, Year
from klaster_indicators.document.strategy import StrategyDocument
from klaster_shared.dates import Day
from klaster_shared.labels import Label, LabelText

Change = Literal["appeared", "gone", "moved", "retargeted", "reworded", "redefined"]
_SUMMARY: dict[str, Any] = {
    "id": "0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c11",
    "code": "klsk-2027",
    "title": "Development Strategy of Klaster LifeScience Kraków, 2027",
    "state": "draft",
    "adopted": None,
    "superseded": None,
    "copied_from": "klsk-2022",
    "baseline_year_programme": 2021,
    "baseline_year_effect": 2022,
    "target_year": 2030,
    "version": 3,
    "created_at": "2026-11-24T09:00:00Z",
    "updated_at": "2026-11-25T10:30:00Z",
}


class EditionSummary(BaseModel):
    """An edition of the strategy."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUMMARY]})

    id: UUID
    code: str
    title: LabelText
    state: Literal["draft", "adopted", "superseded"] = Field(description="adopted: the one in force")
    adopted: date | None
    superseded: date | None = Field(description="The day from which the next edition held in its place")
    copied_from: str | None = Field(description="Code of the edition that it was begun from")
    baseline_year_programme: int
    baseline_year_effect: int
    target_year: int
    version: int
    created_at: datetime
    updated_at: datetime


class EditionRead(EditionSummary):
    """An edition with its whole document, as it was taken in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_SUMMARY, "target_year": 2025, "document": examples.DOCUMENT}]}
    )

    document: StrategyDocument


class DifferenceField(BaseModel):
    """One field that changed; texts in both languages, a target with what it resolves to and how."""

    field: str = Field(examples=["target"])
    before: Any
    after: Any


class DifferenceRead(BaseModel):
    """One thing that changed in one part of the strategy."""

    change: Change = Field(description="moved: other path, programme, effects or place among the others")
    part: str = Field(
        examples=["goal"], description="level, path, effect, indicator, programme, goal, measure, task ..."
    )
    code: str = Field(description="Of a measure: the indicator's and its own", examples=["C.1.3-1/abroad"])
    name: LabelText | None
    fields: list[DifferenceField]
    observations: int | None = Field(description="Of an indicator that went: how many observations stay with it")


class EditionsDiffRead(BaseModel):
    """What appeared, went, moved, was re-targeted, reworded or otherwise defined from one edition to another."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from": "klsk-2022",
                    "to": "klsk-2027",
                    "counts": {"retargeted": 1},
                    "items": [
                        {
                            "change": "retargeted",
                            "part": "measure",
                            "code": "C.1.3-1/abroad",
                            "name": None,
                            "fields": [
                                {
                                    "field": "target",
                                    "before": {
                                        "change_percent": 25,
                                        "resolves_to": 55,
                                        "how": "44 + 25 %",
                                        "year": 2025,
                                    },
                                    "after": {"value": 60, "resolves_to": 60, "how": "as stated", "year": 2030},
                                }
                            ],
                            "observations": None,
                        }
                    ],
                }
            ]
        }
    )

    from_: str = Field(serialization_alias="from")
    to: str
    counts: dict[Change, int] = Field(description="How many of each; those that are none are left out")
    items: list[DifferenceRead]


class EditionCopy(BaseModel):
    """What next year's edition is called."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "klsk-2027",
                    "title": {"pl": "Strategia Rozwoju Klastra, 2027", "en": "Development Strategy, 2027"},
                }
            ]
        },
    )

    code: Code
    title: Label | None = Field(None, description="That of the copied edition by default")


class EditionAdoption(BaseModel):
    """The day on which a draft was adopted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"on": "2026-11-20"}]})

    on: Day | None = Field(None, description="From this day on it holds; today by default")


class EditionUpdate(BaseModel):
    """What a draft says of itself; null takes away what may be missing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"target_year": 2030}]})

    title: Label | MISSING = MISSING
    mission: Label | MISSING = MISSING
    vision: Label | MISSING = MISSING
    vision_year: Year | MISSING = MISSING
    baseline_year_programme: Year | MISSING = MISSING
    baseline_year_effect: Year | MISSING = MISSING
    target_year: Year | MISSING = MISSING
    update_cycle: UpdateCycle | MISSING | None = MISSING
    review_body: Label | MISSING | None = MISSING
    method: Method | MISSING | None = MISSING
    coordinator: Label | MISSING | None = MISSING
