"""The table of competitors."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from klaster_events.database import Base


class Competitor(Base, table=True):
    """That an entity does not want to be matched with another; the two are matched in neither direction."""

    __tablename__ = "competitors"
    __table_args__ = (Index("ix_competitors_other_id", "other_id"),)

    entity_id: UUID = Field(primary_key=True)
    other_id: UUID = Field(primary_key=True)
    created_at: datetime
