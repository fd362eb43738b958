"""Tables of action plans."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from klaster_indicators.database import Base, PlainDecimal, json_facts


class ActionPlan(Base, table=True):
    """The action plan of a year; 2026 means September 2026 to August 2027."""

    __tablename__ = "action_plans"
    __table_args__ = (CheckConstraint("state IN ('draft', 'adopted', 'closed')", name="state"),)

    id: UUID = Field(primary_key=True)
    year: int = Field(unique=True)
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    state: str = Field(max_length=20)
    edition: str = Field(max_length=60, description="Code of the edition whose tasks it carries out")
    note: str | None = Field(default=None, sa_type=Text)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ActionPlanItem(Base, table=True):
    """One thing to do for one task; at most one kind of `responsible` is named."""

    __tablename__ = "action_plan_items"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'running', 'done', 'cancelled')", name="state"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        Index("ix_action_plan_items_plan_id_task", "plan_id", "task"),
        Index("ix_action_plan_items_starts_on_id", "starts_on", "id"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="action_plans.id")
    task: str = Field(max_length=60)
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    responsible_entity: UUID | None = Field(default=None, index=True)
    responsible_name: str | None = Field(default=None, max_length=500)
    responsible_sig: str | None = Field(default=None, max_length=60)
    responsible_text: str | None = Field(default=None, max_length=500)
    starts_on: date
    ends_on: date
    state: str = Field(max_length=20)
    unit: str | None = Field(default=None, max_length=60)
    planned: Decimal | None = Field(default=None, sa_type=PlainDecimal)
    done: list[Any] = Field(sa_type=json_facts(), description="Day and quantity, as text, entry by entry")
    resources: list[Any] = Field(sa_type=json_facts())
    note: str | None = Field(default=None, sa_type=Text)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
