"""Wire shapes of kinds of posts."""

from datetime import datetime
from typing import Annotated

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import Code

CountsAs = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]],
    Field(max_length=10, description="What figures count it as", examples=[["technology"]]),
]


class PostKindCreate(BaseModel):
    """A new kind of post."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Label
    counts_as: CountsAs = []


class PostKindUpdate(BaseModel):
    """A change (JSON Merge Patch); the code itself stays."""

    model_config = ConfigDict(extra="forbid")

    name: Label | MISSING = MISSING
    counts_as: CountsAs | MISSING = MISSING
    retired: bool | MISSING = MISSING


class PostKindRead(BaseModel):
    """A kind of post."""

    code: str
    name: LabelText
    counts_as: list[str]
    retired: bool = Field(description="No longer given to new posts")
    version: int
    updated_at: datetime


class PostKindListParameters(PageParameters):
    """Filters of the list of kinds of posts."""

    retired: bool | None = Field(None, description="Only kinds that are, or are not, retired")
