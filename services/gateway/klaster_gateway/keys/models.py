"""The table of API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from klaster_gateway.database import Base


class ApiKey(Base, table=True):
    """One key: what it may do and for how long, and the digest of its secret.

    `scope` holds the scopes that it is narrowed to, with spaces between; null: all of its role's. After a rotation the
    digest of the secret before stays for as long as that one still works.
    """

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_created_at_id", "created_at", "id"),)

    id: UUID = Field(primary_key=True)
    prefix: str = Field(max_length=8, unique=True)
    digest: bytes = Field(sa_type=LargeBinary)
    previous_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_until: datetime | None = None
    rotated_at: datetime | None = None
    name: str = Field(max_length=200)
    role: str = Field(max_length=20)
    entity: UUID | None = None
    scope: str | None = Field(default=None, max_length=8000)
    created_at: datetime
    created_by: str = Field(max_length=200)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = Field(default=None, max_length=200)
    last_used_at: datetime | None = None
    version: int = 1

    @property
    def scopes(self) -> list[str] | None:
        """The scopes that it is narrowed to; None: all of its role's."""
        return None if self.scope is None else self.scope.split(" ")
