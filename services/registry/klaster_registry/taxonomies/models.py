"""One table for all taxonomies: they differ in what they are used for, not in shape."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, json_list, sort_text


class Term(Base, table=True):
    """One code of one taxonomy. The code stays, its labels and flags may change."""

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("taxonomy", "code"),
        Index("ix_terms_taxonomy_position_code", "taxonomy", "position", "code"),
    )

    id: UUID = Field(primary_key=True)
    taxonomy: str = Field(max_length=40)
    code: str = Field(sa_type=sort_text(60))
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    parent: str | None = Field(default=None, max_length=60)
    position: int
    flags: list[str] = Field(sa_type=json_list())
    retired: bool
    version: int
    updated_at: datetime
