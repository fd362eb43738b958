"""The table of evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from klaster_indicators.database import Base


class EvidenceFile(Base, table=True):
    """A file; what was in it goes when it is withdrawn, that it was there stays."""

    __tablename__ = "evidence_files"
    __table_args__ = (UniqueConstraint("indicator_id", "sha256"),)

    id: UUID = Field(primary_key=True)
    indicator_id: UUID = Field(foreign_key="indicators.id")
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64)
    public: bool
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    recorded_at: datetime
    recorded_by: str = Field(max_length=200)
    withdrawn_at: datetime | None = None
    version: int
