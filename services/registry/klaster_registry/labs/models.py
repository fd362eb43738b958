"""Tables of laboratories."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, false
from sqlmodel import Field

from klaster_registry.database import Base, json_list, sort_text
from klaster_shared.decimals import ExactDecimal


class Lab(Base, table=True):
    """A laboratory of an entity."""

    __tablename__ = "labs"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("shared_from IS NULL OR shared_from <= shared_until", name="shared_in_order"),
        Index("ix_labs_sort_name_id", "sort_name", "id"),
    )

    id: UUID = Field(primary_key=True)
    owner_id: UUID = Field(foreign_key="entities.id", index=True)
    kind: str = Field(max_length=20, index=True)
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    sort_name: str = Field(sa_type=sort_text())
    note: str | None = Field(default=None, max_length=500)
    shared_from: date | None = None
    shared_until: date | None = Field(default=None, description="The first day on which it is no longer shared")
    terms_pl: str | None = Field(default=None, sa_type=Text)
    terms_en: str | None = Field(default=None, sa_type=Text)
    partners_only: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    equipment: list[dict[str, Any]] = Field(sa_type=json_list())
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class LabArea(Base, table=True):
    """How large a laboratory was, and when."""

    __tablename__ = "lab_areas"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="positive"),
        Index("ix_lab_areas_lab_id_valid_from", "lab_id", "valid_from"),
    )

    id: UUID = Field(primary_key=True)
    lab_id: UUID = Field(foreign_key="labs.id", ondelete="CASCADE")
    area_m2: Decimal = Field(sa_type=ExactDecimal(2))
    valid_from: date
    valid_until: date


class LabFootprint(Base, table=True):
    """The carbon footprint of a laboratory in one calendar year."""

    __tablename__ = "lab_footprints"
    __table_args__ = (CheckConstraint("tco2e >= 0", name="not_negative"),)

    lab_id: UUID = Field(primary_key=True, foreign_key="labs.id", ondelete="CASCADE")
    year: int = Field(primary_key=True, index=True)
    tco2e: Decimal = Field(sa_type=ExactDecimal(3), description="Tonnes of carbon dioxide equivalent")
    source: str = Field(max_length=500)


class LabField(Base, table=True):
    """A life-science field that a laboratory works in."""

    __tablename__ = "lab_fields"
    __table_args__ = (Index("ix_lab_fields_field", "field", "lab_id"),)

    lab_id: UUID = Field(primary_key=True, foreign_key="labs.id", ondelete="CASCADE")
    field: str = Field(primary_key=True, max_length=60)
