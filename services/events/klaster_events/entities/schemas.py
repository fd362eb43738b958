"""What the registry tells of entities, in the words of this service; other properties are passed over."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class EntityFacts(BaseModel):
    """What this service keeps of an entity."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str = Field(min_length=1)
    interest_group: str | None = None
    startup: bool = False
    startup_listed_year: int | None = None
    registration: str = "none"
    demonstration: bool = False
    groups: list[dict[str, Any]] | None = None
    merged_into: UUID | None = None


class EntityName(BaseModel):
    """An entity, named."""

    id: UUID
    name: str | None = Field(description="Null where the registry has not told it yet")
