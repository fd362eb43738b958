"""Tables of laboratory services."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, sort_text


class LabService(Base, table=True):
    """A service that a laboratory offers. Whose it is, its laboratory says."""

    __tablename__ = "lab_services"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("shared_from IS NULL OR shared_from <= shared_until", name="shared_in_order"),
        Index("ix_lab_services_sort_name_id", "sort_name", "id"),
    )

    id: UUID = Field(primary_key=True)
    lab_id: UUID = Field(foreign_key="labs.id", index=True)
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    sort_name: str = Field(sa_type=sort_text())
    description_pl: str | None = Field(default=None, sa_type=Text)
    description_en: str | None = Field(default=None, sa_type=Text)
    terms_pl: str | None = Field(default=None, sa_type=Text)
    terms_en: str | None = Field(default=None, sa_type=Text)
    price: str | None = Field(default=None, max_length=500)
    partners_only: bool
    shared_from: date | None = None
    shared_until: date | None = Field(default=None, description="The first day on which it is no longer offered")
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class LabServiceField(Base, table=True):
    """A life-science field that a service is for."""

    __tablename__ = "lab_service_fields"
    __table_args__ = (Index("ix_lab_service_fields_field", "field", "service_id"),)

    service_id: UUID = Field(primary_key=True, foreign_key="lab_services.id", ondelete="CASCADE")
    field: str = Field(primary_key=True, max_length=60)
