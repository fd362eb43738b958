"""Tables of documents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, json_list, sort_text


class Document(Base, table=True):
    """A report, a roadmap, an analysis or a strategy."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("force_from < force_until", name="in_order"),
        CheckConstraint("(force_from IS NULL) = (force_until IS NULL)", name="both_ends"),
        Index("ix_documents_sort_title_id", "sort_title", "id"),
        Index("ix_documents_kind_year", "kind", "year"),
    )

    id: UUID = Field(primary_key=True)
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    sort_title: str = Field(sa_type=sort_text())
    search_text: str = Field(sa_type=Text)
    kind: str = Field(max_length=60)
    year: int | None = Field(default=None, index=True)
    published_on: date | None = None
    force_from: date | None = Field(default=None, description="The first day it is in force; null: it never is")
    force_until: date | None = Field(default=None, description="The first day it is in force no more")
    url: str | None = Field(default=None, max_length=500)
    author_id: UUID | None = Field(default=None, foreign_key="entities.id", index=True)
    group_code: str | None = Field(default=None, max_length=60, index=True)
    languages: list[str] = Field(sa_type=json_list())
    note: str | None = Field(default=None, max_length=500)
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class DocumentField(Base, table=True):
    """A life-science field that a document is about."""

    __tablename__ = "document_fields"
    __table_args__ = (Index("ix_document_fields_field", "field", "document_id"),)

    document_id: UUID = Field(primary_key=True, foreign_key="documents.id", ondelete="CASCADE")
    field: str = Field(primary_key=True, max_length=60)
