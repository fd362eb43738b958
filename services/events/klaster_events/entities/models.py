"""The table of the local copy: what it knows of each entity."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from klaster_events.database import Base, json_list


class EntityCopy(Base, table=True):
    """An entity as the registry last told it. One that is gone there stays named here: its events took place."""

    __tablename__ = "entities"

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=500)
    interest_group: str | None = Field(default=None, max_length=60)
    startup: bool
    startup_listed_year: int | None = None
    registration: str = Field(max_length=20)
    demonstration: bool
    groups: list[dict[str, Any]] | None = Field(
        default=None, sa_type=json_list(), description="Its SIGs: code, from, to; null: not told yet"
    )
    merged_into: UUID | None = Field(
        default=None, index=True, description="The entity that it lives on in, after all merges"
    )
    gone: bool
    updated_at: datetime
