"""What was loaded from which source: a record that says the same again changes nothing."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from klaster_registry.database import Base


class LoadedRecord(Base, table=True):
    """A record of a source as it was last loaded, by its digest."""

    __tablename__ = "loaded_records"

    source: str = Field(primary_key=True, max_length=60)
    source_key: str = Field(primary_key=True, max_length=200)
    entity_id: UUID = Field(foreign_key="entities.id", ondelete="CASCADE", index=True)
    digest: str = Field(max_length=32)
    loaded_at: datetime
