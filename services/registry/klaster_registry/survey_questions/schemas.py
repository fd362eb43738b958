"""Wire shapes of questions."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code

Unit = Annotated[str, Field(pattern=r"^[A-Za-z0-9%/._-]{1,20}$", examples=["PLN"])]
Position = Annotated[Whole, Field(ge=0, le=100_000, description="Where it stands in lists")]
_EXAMPLE: dict[str, Any] = {
    "code": "sales",
    "name": {"pl": "Sprzedaż nowych technologii, produktów i usług", "en": "Sales of new technologies and products"},
    "unit": "PLN",
    "position": 1,
}


class QuestionCreate(BaseModel):
    """A new question. Its code and its unit stay as they are."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    code: Code
    name: ShortLabel
    unit: Unit
    position: Position = 0


class QuestionUpdate(BaseModel):
    """A change; a question that is asked no more is retired, what was answered stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"position": 3, "retired": False}]})

    name: ShortLabel | MISSING = MISSING
    position: Position | MISSING = MISSING
    retired: Truth | MISSING = MISSING


class QuestionListParameters(PageParameters):
    """Filters of the list of questions."""

    retired: bool | None = None


class QuestionRead(BaseModel):
    """A question of the survey."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "name": "Sales of new technologies and products",
                    "retired": False,
                    "version": 1,
                    "updated_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    code: str
    name: LabelText
    unit: str
    position: int
    retired: bool
    version: int
    updated_at: datetime
