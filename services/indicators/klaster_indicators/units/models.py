"""The table of units."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from klaster_indicators.database import Base


class Unit(Base, table=True):
    """A unit; its code is stable, and is what everything that is counted in it says."""

    __tablename__ = "units"

    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    retired: bool
    version: int
    created_at: datetime
    updated_at: datetime
