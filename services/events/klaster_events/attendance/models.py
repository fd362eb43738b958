"""The table of attendance. It knows a person by a random id alone, and survives the person's erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from klaster_events.database import Base, nullable_object


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
    present: bool = Field(description="A sheet says so, or a scan does; neither takes back what the other says")
    on_sheet: bool | None = Field(default=None, description="What the last sheet says; null: none names the person")
    scanned: dict[str, Any] | None = Field(
        default=None, sa_type=nullable_object(), description="What all scans together say; null: there are none"
    )
    origin: str = Field(
        default="sheet",
        max_length=20,
        sa_column_kwargs={"server_default": text("'sheet'")},
        description="sheet, checkin or import: who says so",
    )
    minutes: int | None = Field(default=None, description="How long somebody took part, as a sheet says")
    certificate_number: str | None = Field(default=None, max_length=60, unique=True)
    certificate_issued_at: datetime | None = None
    certificate_minutes: int | None = Field(default=None, description="As printed: it does not move any more")
    recorded_at: datetime
