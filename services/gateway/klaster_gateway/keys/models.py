"""The table of API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from klaster_gateway.database import Base


class ApiKey(Base, table=True):
    """One key: what it may do and for how long, and the digest of its secret."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_created_at_id", "created_at", "id"),)

    id: UUID = Field(primary_key=True)
    prefix: str = Field(max_length=8, unique=True)
    digest: bytes = Field(sa_type=LargeBinary)
    name: str = Field(max_length=200)
    role: str = Field(max_length=20)
    entity: UUID | None = None
    created_at: datetime
    created_by: str = Field(max_length=200)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = Field(default=None, max_length=200)
    last_used_at: datetime | None = None
    version: int = 1
