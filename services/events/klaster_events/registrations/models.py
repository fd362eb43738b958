"""The table of registrations. It knows a person by a random id alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base


class Registration(Base, table=True):
    """One person, once per event, with a seat or a place in the queue."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint("state IN ('confirmed', 'waiting', 'cancelled')", name="state"),
        Index("ix_registrations_event_id_state_ticket", "event_id", "state", "ticket"),
        Index("ix_registrations_event_id_ticket", "event_id", "ticket"),
        Index("ix_registrations_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    person_id: UUID = Field(description="No foreign key: the person can be erased, the random id stays")
    entity_id: UUID | None = None
    state: str = Field(max_length=20)
    ticket: int = Field(description="Its place in the order of arrival")
    created_at: datetime
    updated_at: datetime
