"""The table of attendance. It knows a person by a random id alone, and survives the person's erasure."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base


class Attendance(Base, table=True):
    """Whether one person came to one event, registered or not."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_attendance_person_id", "person_id"),
        Index("ix_attendance_entity_id", "entity_id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    person_id: UUID = Field(description="No foreign key: the person can be erased, the random id stays")
    registration_id: UUID | None = None
    entity_id: UUID | None = None
    present: bool
    recorded_at: datetime
