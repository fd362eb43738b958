"""Tables of data repositories."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, sort_text


class DataRepository(Base, table=True):
    """A data repository; its operator may be an entity, or not be known."""

    __tablename__ = "data_repositories"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("available_from <= available_until", name="in_order"),
        Index("ix_data_repositories_sort_name_id", "sort_name", "id"),
    )

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=500)
    sort_name: str = Field(sa_type=sort_text())
    operator_id: UUID | None = Field(default=None, foreign_key="entities.id", index=True)
    url: str | None = Field(default=None, max_length=500)
    available_from: date
    available_until: date = Field(description="The first day on which it is no longer available")
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class DataRepositoryField(Base, table=True):
    """A life-science field that a repository holds data of."""

    __tablename__ = "data_repository_fields"
    __table_args__ = (Index("ix_data_repository_fields_field", "field", "repository_id"),)

    repository_id: UUID = Field(primary_key=True, foreign_key="data_repositories.id", ondelete="CASCADE")
    field: str = Field(primary_key=True, max_length=60)
