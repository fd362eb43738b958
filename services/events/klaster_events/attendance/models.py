"""The table of attendance. It knows a person by a random id alone, and survives the person's erasure."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from klaster_events.database import Base


class Attendance(Base, table=True):
    """Whether one person came to one event, registered or not."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        Index("ix_attendance_person_id", "person_id"),
        Index("ix_attendance_entity_id", "entity_id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    person_id: UUID = Field(description="No foreign key: the person can be erased, the random id stays")
    registration_id: UUID | None = None
    entity_id: UUID | None = None
    present: bool
    origin: str = Field(
        default="sheet",
        max_length=20,
        sa_column_kwargs={"server_default": text("'sheet'")},
        description="sheet, checkin or import: who says so",
    )
    minutes: int | None = Field(default=None, description="How long somebody took part, where that is counted")
    certificate_number: str | None = Field(default=None, max_length=60, unique=True)
    certificate_issued_at: datetime | None = None
    recorded_at: datetime
