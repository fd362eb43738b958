"""Tables of proposals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field

from klaster_registry.database import Base


class Proposal(Base, table=True):
    """A change that a partner proposes. It outlives its record: no foreign key leads there."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided_or_pending"),
        Index("ix_proposals_entity_id_id", "entity_id", "id"),
        Index("ix_proposals_state_id", "state", "id"),
        Index("ix_proposals_record_id_id", "record_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(description="Whom the partner speaks for")
    collection: str = Field(max_length=60)
    record_id: UUID = Field(description="Of a new record: the id kept for it")
    record_version: int = Field(description="0: a new record")
    change: dict[str, Any] = Field(sa_type=JSON)
    before: dict[str, Any] = Field(sa_type=JSON)
    note: str | None = Field(default=None, max_length=500)
    state: str = Field(max_length=20)
    proposed_by: str = Field(max_length=200)
    decided_by: str | None = Field(default=None, max_length=200)
    decided_at: datetime | None = None
    answer: str | None = Field(default=None, max_length=500)
    version: int
    created_at: datetime
    updated_at: datetime
