"""Wire shapes of the search over all services."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_gateway.composing.schemas import Listed, Section
from klaster_gateway.contract.records import EventRecord, HitRecord, IndicatorRecord
from klaster_shared.errors import wrong_field
from klaster_shared.texts import ShortText

Kind = Literal["registry", "events", "indicators"]
Words = Annotated[ShortText, Field(max_length=200)]


class SearchAll(BaseModel):
    """What is searched for."""

    model_config = ConfigDict(extra="forbid")

    q: Words = Field(description="Words, or the beginnings of words; accents and case do not matter")
    kind: list[Kind] = Field([], max_length=3, description="Sections that are wanted; absent: all")
    limit: int = Field(10, ge=1, le=50, description="Hits of each section")
    cursor: str | None = Field(None, max_length=500, description="`next` of a section; goes with its one `kind`")

    @model_validator(mode="after")
    def _one_kind_for_a_cursor(self) -> Self:
        if self.cursor is not None and len(set(self.kind)) != 1:
            raise wrong_field("cursor", "needs_one_kind", "A cursor goes on in one section: name it with `kind`")
        return self


class FoundEverywhere(BaseModel):
    """Hits by kind, each ranked by its service; a section that was not asked for is null."""

    q: str
    registry: Section[Listed[HitRecord]] | None = Field(
        description="Organisations, laboratories, projects and what else the register holds; with typos corrected"
    )
    events: Section[Listed[EventRecord]] | None
    indicators: Section[Listed[IndicatorRecord]] | None
