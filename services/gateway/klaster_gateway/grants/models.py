"""The table of grants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from klaster_gateway.database import Base


class Grant(Base, table=True):
    """A person, as an issuer names them, may act in a role; a partner for one entity."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("(role = 'partner') = (entity IS NOT NULL)", name="entity"),
        Index("ix_grants_issuer_subject", "issuer", "subject"),
        Index("ix_grants_entity", "entity"),
        Index("ix_grants_created_at_id", "created_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    issuer: str = Field(max_length=500)
    subject: str = Field(max_length=255, description="As the issuer names the person: never shown in a feed")
    role: str = Field(max_length=20)
    entity: UUID | None = None
    starts_at: datetime
    ends_at: datetime | None = None
    note: str | None = Field(default=None, max_length=500)
    created_at: datetime
    created_by: str = Field(max_length=200)
    ended_by: str | None = Field(default=None, max_length=200)
    version: int
