"""Wire shapes of taxonomies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import Code

Flag = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Flags = Annotated[
    list[Flag], Field(max_length=10, description="What figures look at: `health_care`, `counts`, `foreign`")
]


class TermCreate(BaseModel):
    """A new code."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Label
    parent: Code | None = Field(None, description="The code above it, where the taxonomy has levels")
    position: int = Field(0, ge=0, le=100_000, description="Where it stands in lists")
    flags: Flags = []


class TermUpdate(BaseModel):
    """A change; the code itself stays."""

    model_config = ConfigDict(extra="forbid")

    name: Label | MISSING = MISSING
    parent: Code | MISSING | None = MISSING
    position: Annotated[int, Field(ge=0, le=100_000)] | MISSING = MISSING
    flags: Flags | MISSING = MISSING
    retired: bool | MISSING = MISSING


class TermRead(BaseModel):
    """One code of a taxonomy."""

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

    retired: bool | None = Field(None, description="Only codes that are, or are not, retired")
