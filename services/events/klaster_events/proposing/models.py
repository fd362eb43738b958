"""The table of what is proposed to the registry: an outbox, written in the transaction that gives the reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from klaster_events.database import Base, json_object


class Outgoing(Base, table=True):
    """One proposal. Its id is that of what it grew out of, and the Idempotency-Key under which it is sent."""

    __tablename__ = "outgoing_proposals"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'refused', 'accepted', 'rejected', 'withdrawn')", name="state"),
        Index("ix_outgoing_proposals_state_due_at", "state", "due_at"),
        Index("ix_outgoing_proposals_created_at_id", "created_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    about: str = Field(max_length=40, description="The collection of what it grew out of")
    entity_id: UUID = Field(description="For whom it is proposed")
    body: dict[str, Any] = Field(sa_type=json_object(), description="As the registry takes it; never about people")
    state: str = Field(max_length=20)
    due_at: datetime = Field(description="When it is sent, or the registry asked what became of it")
    attempts: int
    problem: str | None = Field(default=None, sa_type=Text, description="Why the registry refused it, or is waited for")
    proposal_id: UUID | None = Field(default=None, description="The proposal in the registry")
    record_id: UUID | None = Field(default=None, description="The record there that it is about, or will be")
    answer: str | None = Field(default=None, sa_type=Text, description="What the office there says of it")
    created_at: datetime
    sent_at: datetime | None = None
    decided_at: datetime | None = None
