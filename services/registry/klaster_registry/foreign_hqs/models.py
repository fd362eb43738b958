"""Tables of headquarters abroad."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, sort_text


class ForeignHq(Base, table=True):
    """An organisation abroad; where it has a branch in the region, `local_entity_id` names it."""

    __tablename__ = "foreign_hqs"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("kind IN ('company', 'cluster', 'university', 'other')", name="kind"),
        Index("ix_foreign_hqs_sort_name_id", "sort_name", "id"),
    )

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=500)
    sort_name: str = Field(sa_type=sort_text())
    kind: str = Field(max_length=20, index=True)
    country: str = Field(max_length=2, index=True)
    city: str | None = Field(default=None, max_length=500)
    url: str | None = Field(default=None, max_length=500)
    local_entity_id: UUID | None = Field(default=None, foreign_key="entities.id", index=True)
    note: str | None = Field(default=None, max_length=500)
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ForeignHqPeriod(Base, table=True):
    """A state of engagement, or a declared readiness, and when it held."""

    __tablename__ = "foreign_hq_periods"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="in_order"),
        Index("ix_foreign_hq_periods_hq_id_aspect", "hq_id", "aspect"),
        Index("ix_foreign_hq_periods_aspect_value_valid_from", "aspect", "value", "valid_from", "valid_until", "hq_id"),
    )

    id: UUID = Field(primary_key=True)
    hq_id: UUID = Field(foreign_key="foreign_hqs.id", ondelete="CASCADE")
    aspect: str = Field(max_length=20, description="engagement or readiness")
    value: str = Field(max_length=20)
    begins: bool = Field(description="An engagement begins with this state: none was under way before")
    valid_from: date
    valid_until: date


class ForeignHqPartner(Base, table=True):
    """An entity of the region that an organisation abroad works with."""

    __tablename__ = "foreign_hq_partners"
    __table_args__ = (Index("ix_foreign_hq_partners_entity_id", "entity_id"),)

    hq_id: UUID = Field(primary_key=True, foreign_key="foreign_hqs.id", ondelete="CASCADE")
    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id")
