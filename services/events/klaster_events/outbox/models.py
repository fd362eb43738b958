"""Tables of the outbox. No names or addresses: a message finds its person when it is sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from klaster_events.database import Base, json_object

_UNTOLD = text("told_at IS NULL")


class Notice(Base, table=True):
    """Something about an event that everybody concerned is to be told; the sender makes a message for each."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_untold", "created_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index("ix_notices_event_id", "event_id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    kind: str = Field(max_length=40)
    context: dict[str, Any] = Field(sa_type=json_object(), description="What changed; never about people")
    created_at: datetime
    told_at: datetime | None = None


class Message(Base, table=True):
    """One message to one person, sent at least once, always under the same Message-ID."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="state"),
        Index("ix_messages_state_due_at", "state", "due_at"),
        Index("ix_messages_created_at_id", "created_at", "id"),
        Index("ix_messages_event_id", "event_id"),
        Index("ix_messages_registration_id", "registration_id"),
        Index("ix_messages_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=40)
    event_id: UUID | None = Field(default=None, foreign_key="events.id", ondelete="CASCADE")
    registration_id: UUID | None = Field(default=None, foreign_key="registrations.id", ondelete="CASCADE")
    person_id: UUID
    language: str = Field(max_length=2)
    key: str | None = Field(
        default=None, max_length=120, unique=True, description="A second message of this key is never written"
    )
    context: dict[str, Any] = Field(sa_type=json_object(), description="What the words need; never about people")
    state: str = Field(max_length=20)
    due_at: datetime
    attempts: int
    problem: str | None = Field(default=None, sa_type=Text, description="Why it could not be sent, without addresses")
    created_at: datetime
    sent_at: datetime | None = None
