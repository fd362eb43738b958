"""Tables of the agenda: sessions, and who has or wants a seat in one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from klaster_events.database import Base, json_list


class AgendaSession(Base, table=True):
    """A session of an event. Its seats are counted here, as the event's are on the event's row."""

    __tablename__ = "agenda_sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="in_order"),
        CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="seats"),
        Index("ix_agenda_sessions_event_id_starts_at_id", "event_id", "starts_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    starts_at: datetime
    ends_at: datetime
    room: str | None = Field(default=None, max_length=200)
    speakers: list[dict[str, Any]] = Field(sa_type=json_list(), description="Published names; never in the change log")
    capacity: int | None = None
    taken: int = Field(description="Seats taken; moved by conditional updates alone")
    version: int
    created_at: datetime
    updated_at: datetime


class SessionSeat(Base, table=True):
    """A registration's seat in a session, or its wish for one while it has no seat at the event itself."""

    __tablename__ = "session_seats"
    __table_args__ = (
        CheckConstraint("state IN ('taken', 'wanted')", name="state"),
        Index("ix_session_seats_registration_id", "registration_id"),
    )

    session_id: UUID = Field(primary_key=True, foreign_key="agenda_sessions.id", ondelete="CASCADE")
    registration_id: UUID = Field(primary_key=True, foreign_key="registrations.id", ondelete="CASCADE")
    state: str = Field(max_length=20)
    created_at: datetime
