"""Tables of shared laboratories and services: the copy of what the registry tells, and the owners' rules."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from klaster_events.database import Base, json_list, sort_text


class Resource(Base, table=True):
    """A laboratory or a service of one as the registry last told it. What is gone there stays: it was booked."""

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("kind IN ('lab', 'service')", name="kind"),
        Index("ix_resources_sort_name_id", "sort_name", "id"),
        Index("ix_resources_lab_id", "lab_id"),
        Index("ix_resources_owner_id", "owner_id"),
    )

    id: UUID = Field(primary_key=True, description="The registry's")
    kind: str = Field(max_length=20)
    lab_id: UUID | None = Field(default=None, description="Of a service: its laboratory")
    owner_id: UUID
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    sort_name: str = Field(sa_type=sort_text())
    search_text: str = Field(sa_type=Text)
    description_pl: str | None = Field(default=None, sa_type=Text)
    description_en: str | None = Field(default=None, sa_type=Text)
    terms_pl: str | None = Field(default=None, sa_type=Text)
    terms_en: str | None = Field(default=None, sa_type=Text)
    price: str | None = Field(default=None, max_length=500)
    fields: list[str] = Field(sa_type=json_list())
    field_codes: str = Field(sa_type=Text, description="The same between bars, to filter a few hundred rows by")
    partners_only: bool
    shared_from: date | None = None
    shared_to: date | None = Field(default=None, description="The last day; null: open")
    demonstration: bool
    gone: bool
    version: int
    updated_at: datetime


class BookingRules(Base, table=True):
    """How a resource is booked. Its row is what bookings and blackouts of one resource wait for each other at."""

    __tablename__ = "booking_rules"
    __table_args__ = (
        CheckConstraint("approval IN ('owner', 'automatic')", name="approval"),
        CheckConstraint("slot_minutes > 0 AND slot_minutes % 15 = 0", name="slot_minutes"),
        CheckConstraint("most_slots > 0", name="most_slots"),
    )

    resource_id: UUID = Field(primary_key=True, foreign_key="resources.id", ondelete="CASCADE")
    open: bool = Field(description="Whether it takes bookings now")
    zone: str = Field(max_length=60, description="Whose clock the hours are")
    hours: list[dict[str, Any]] = Field(sa_type=json_list())
    slot_minutes: int
    most_slots: int
    notice_hours: int
    horizon_days: int
    approval: str = Field(max_length=20)
    terms_version: int | None = Field(default=None, description="The terms that hold now; null: there are none")
    person_id: UUID | None = Field(default=None, description="Whom the owner has told of bookings")
    updated_at: datetime


class BookingTerms(Base, table=True):
    """Terms as they were at a time; kept, for somebody accepted them."""

    __tablename__ = "booking_terms"

    resource_id: UUID = Field(primary_key=True, foreign_key="resources.id", ondelete="CASCADE")
    version: int = Field(primary_key=True)
    text_pl: str = Field(sa_type=Text)
    text_en: str = Field(sa_type=Text)
    since: datetime
