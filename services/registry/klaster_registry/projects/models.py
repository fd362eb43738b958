"""Tables of projects."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, json_list, sort_text
from klaster_shared.decimals import ExactDecimal


class Project(Base, table=True):
    """A project or a consortium."""

    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="in_order"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_has_currency"),
        Index("ix_projects_sort_title_id", "sort_title", "id"),
        Index("ix_projects_runs_from_runs_until", "runs_from", "runs_until"),
    )

    id: UUID = Field(primary_key=True)
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    sort_title: str = Field(sa_type=sort_text())
    search_text: str = Field(sa_type=Text)
    acronym: str | None = Field(default=None, max_length=500)
    group_code: str | None = Field(default=None, max_length=60, index=True)
    starts_on: date | None = None
    ends_on: date | None = None
    cancelled_on: date | None = None
    runs_from: date = Field(description="The first day it runs; far in the future where none is known, or never")
    runs_until: date = Field(description="The first day it runs no more; before all days where it never runs")
    amount: Decimal | None = Field(default=None, sa_type=ExactDecimal(2))
    currency: str | None = Field(default=None, max_length=3)
    amount_pln: Decimal | None = Field(default=None, sa_type=ExactDecimal(2))
    pln_rate_source: str | None = Field(default=None, max_length=500)
    results: list[dict[str, Any]] = Field(sa_type=json_list())
    origin_kind: str | None = Field(default=None, max_length=60)
    origin_url: str | None = Field(default=None, max_length=500)
    origin_note: str | None = Field(default=None, max_length=500)
    note: str | None = Field(default=None, max_length=500)
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ProjectKind(Base, table=True):
    """A kind of a project: international, research and development, a consortium."""

    __tablename__ = "project_kinds"
    __table_args__ = (Index("ix_project_kinds_kind", "kind", "project_id"),)

    project_id: UUID = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=60)


class ProjectField(Base, table=True):
    """A life-science field that a project works in."""

    __tablename__ = "project_fields"
    __table_args__ = (Index("ix_project_fields_field", "field", "project_id"),)

    project_id: UUID = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    field: str = Field(primary_key=True, max_length=60)


class ProjectPartner(Base, table=True):
    """Who takes part: an entity, an organisation abroad, or somebody of whom only name and country are known."""

    __tablename__ = "project_partners"
    __table_args__ = (
        CheckConstraint("valid_from < valid_until", name="in_order"),
        Index("ix_project_partners_project_id_position", "project_id", "position"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="projects.id", ondelete="CASCADE")
    position: int
    entity_id: UUID | None = Field(default=None, foreign_key="entities.id", index=True)
    hq_id: UUID | None = Field(default=None, foreign_key="foreign_hqs.id", index=True)
    name: str | None = Field(default=None, max_length=500)
    country: str | None = Field(default=None, max_length=2)
    role: str = Field(max_length=20)
    valid_from: date
    valid_until: date
    doubt: str | None = Field(default=None, max_length=40, description="Why an outside source cannot be right here")
