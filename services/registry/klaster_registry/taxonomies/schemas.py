"""Wire shapes of taxonomies."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code

Flag = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Flags = Annotated[
    list[Flag], Field(max_length=10, description="What figures look at: `health_care`, `counts`, `foreign`")
]


_NAME = {"pl": "medycyna", "en": "medicine"}
_CREATE: dict[str, Any] = {"code": "medicine", "name": _NAME, "position": 1, "flags": ["counts"]}
_READ: dict[str, Any] = {
    "id": "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d04",
    **_CREATE,
    "name": _NAME["en"],
    "parent": None,
    "retired": False,
    "version": 1,
    "updated_at": "2022-09-07T09:00:00Z",
}


class TermCreate(BaseModel):
    """A new code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_CREATE]})

    code: Code
    name: Label
    parent: Code | None = Field(None, description="The code above it, where the taxonomy has levels")
    position: Whole = Field(0, ge=0, le=100_000, description="Where it stands in lists")
    flags: Flags = []


class TermUpdate(BaseModel):
    """A change; the code itself stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"flags": [], "retired": True}]})

    name: Label | MISSING = MISSING
    parent: Code | MISSING | None = MISSING
    position: Annotated[Whole, Field(ge=0, le=100_000)] | MISSING = MISSING
    flags: Flags | MISSING = MISSING
    retired: Truth | MISSING = MISSING


class TermRead(BaseModel):
    """One code of a taxonomy."""

    model_config = ConfigDict(json_schema_extra={"examples": [_READ]})

    id: UUID
    code: str
    name: LabelText
    parent: str | None
    position: int
    flags: list[str]
    retired: bool = Field(description="No longer given to new records")
    version: int
    updated_at: datetime


class TermListParameters(PageParameters):
    """Filters of a taxonomy."""

    code: list[Code] = Field([], max_length=100, description="Only these codes, as a record names them")
    retired: bool | None = Field(None, description="Only codes that are, or are not, retired")
