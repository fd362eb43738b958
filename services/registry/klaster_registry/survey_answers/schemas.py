"""Wire shapes of answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import OwnerRead
from klaster_shared.dates import Day
from klaster_shared.decimals import Number
from klaster_shared.labels import LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, LongText, ShortText, WebAddress

AnswerState = Literal["draft", "submitted", "verified"]
_LARGEST = 1_000_000_000_000_000  # a thousand times what the whole cluster sells in a year, in its smallest currency
Value = Annotated[Decimal, Field(ge=-_LARGEST, le=_LARGEST, decimal_places=2)]
_EXAMPLE: dict[str, Any] = {
    "state": "submitted",
    "values": {"sales": 1250000.5, "export": None, "people_with_degree": 41},
    "evidence": "Sprawozdanie finansowe za 2025, nota 14",
    "evidence_url": "https://ekrs.ms.gov.pl/",
    "note": None,
    "demonstration": False,
}
_ENTITY: dict[str, Any] = {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Selvita"}


class AnswerIn(BaseModel):
    """What an entity declares about a year, whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    values: dict[Code, Value | None] = Field(
        max_length=200, description="By question. Null, or left out: not answered, which is not zero"
    )
    state: AnswerState = Field("draft", description="The office alone verifies, and returns what was submitted")
    evidence: Annotated[LongText, Field(max_length=4000)] | None = Field(None, description="What the values rest on")
    evidence_url: WebAddress | None = None
    note: ShortText | None = Field(None, description="What the office tells whoever answered: why it was returned")
    demonstration: Truth = Field(False, description="Set by the office, for a new answer")


class AnswerListParameters(PageParameters):
    """Filters of the answers to one survey."""

    state: list[AnswerState] = Field([])
    entity: list[UUID] = Field([], description="Ids of entities")
    demonstration: bool | None = None


class ValueListParameters(PageParameters):
    """Filters of the list of single values."""

    question: list[Code] = Field([])
    state: list[AnswerState] = Field([])
    entity: list[UUID] = Field([], description="Ids of entities")
    from_: Day | None = Field(None, alias="from", description="Of years that begin on or after this day")
    to: Day | None = Field(None, description="Of years that end on or before this day")
    demonstration: bool | None = None


class AnswerRead(BaseModel):
    """What an entity declares about a year."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "0190163d-8694-739b-aea5-966c26f8ad90",
                    "year": 2025,
                    "entity": _ENTITY,
                    "version": 2,
                    "created_at": "2026-02-02T09:00:00Z",
                    "updated_at": "2026-02-10T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    year: int
    entity: OwnerRead
    state: AnswerState
    values: dict[str, Number | None] = Field(description="Every question in use; null: not answered")
    evidence: str | None
    evidence_url: str | None
    note: str | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ValueRead(BaseModel):
    """What an entity answered to one question about one year."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0190163d-8694-739b-aea5-966c26f8ad90.sales",
                    "year": 2025,
                    "entity": _ENTITY,
                    "question": "sales",
                    "unit": "PLN",
                    "state": "verified",
                    "value": 1250000.5,
                    "demonstration": False,
                }
            ]
        }
    )

    id: str
    year: int
    entity: OwnerRead
    question: str
    unit: str
    state: AnswerState
    value: Number | None = Field(description="Null: not answered")
    demonstration: bool


class SumRead(BaseModel):
    """What the verified answers to one question add up to."""

    question: str
    name: LabelText
    unit: str
    sum: Number | None = Field(description="Null where too few answered: see `reason`")
    answers: int = Field(description="How many entities answered")
    reason: LabelText | None


class SumsRead(BaseModel):
    """A year's survey, added up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "year": 2025,
                    "items": [
                        {
                            "question": "sales",
                            "name": "Sales of new technologies and products",
                            "unit": "PLN",
                            "sum": 84210500.75,
                            "answers": 10,
                            "reason": None,
                        }
                    ],
                }
            ]
        }
    )

    year: int
    items: list[SumRead]
