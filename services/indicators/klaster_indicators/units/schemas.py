"""Wire shapes of units."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code

_CREATE: dict[str, Any] = {"code": "hour", "name": {"pl": "godziny", "en": "hours"}}
_READ: dict[str, Any] = {
    "id": "0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c51",
    "code": "hour",
    "name": "hours",
    "retired": False,
    "version": 1,
    "created_at": "2026-11-24T09:00:00Z",
    "updated_at": "2026-11-24T09:00:00Z",
}


class UnitCreate(BaseModel):
    """A new unit."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_CREATE]})

    code: Code
    name: ShortLabel


class UnitUpdate(BaseModel):
    """A change (JSON Merge Patch); the code is for ever."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"retired": True}]})

    name: ShortLabel | MISSING = MISSING
    retired: Truth | MISSING = Field(MISSING, description="Nothing new is counted in it; what is so far stays")


class UnitListParameters(PageParameters):
    """Filters of the list of units."""

    code: list[Code] = Field([], max_length=100)
    retired: bool | None = None


class UnitRead(BaseModel):
    """A unit."""

    model_config = ConfigDict(json_schema_extra={"examples": [_READ]})

    id: UUID
    code: str
    name: LabelText
    retired: bool
    version: int
    created_at: datetime
    updated_at: datetime
