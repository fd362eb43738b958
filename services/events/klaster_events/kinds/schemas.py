"""Wire shapes of kinds; each noun says of its own what it is."""

from datetime import datetime
from typing import Annotated

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code

CountsAs = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]],
    Field(max_length=10, description="What figures count it as"),
]


class KindCreate(BaseModel):
    """A new kind."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Label
    counts_as: CountsAs = []


class KindUpdate(BaseModel):
    """A change (JSON Merge Patch); the code itself stays."""

    model_config = ConfigDict(extra="forbid")

    name: Label | MISSING = MISSING
    counts_as: CountsAs | MISSING = MISSING
    retired: Truth | MISSING = MISSING


class KindRead(BaseModel):
    """A kind."""

    code: str
    name: LabelText
    counts_as: list[str]
    retired: bool = Field(description="No longer given to anything new")
    version: int
    updated_at: datetime


class KindListParameters(PageParameters):
    """Filters of kinds."""

    retired: bool | None = Field(None, description="Only those that are, or are not, retired")
