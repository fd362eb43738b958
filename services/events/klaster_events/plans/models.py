"""The table of plans that were asked for, and what came of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from klaster_events.database import Base, json_object


class PlanRun(Base, table=True):
    """A plan that was asked for, by the office or by what changed. The work itself is a job."""

    __tablename__ = "plan_runs"
    __table_args__ = (
        CheckConstraint("mode IN ('whole', 'healing')", name="mode"),
        Index("ix_plan_runs_edition_id_created_at_id", "edition_id", "created_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    job_id: UUID = Field(unique=True)
    mode: str = Field(max_length=20)
    seconds: float = Field(description="How long a schedule is looked for")
    bound_seconds: float = Field(description="How long the best there could be is looked for; 0: not at all")
    wishes: int | None = Field(default=None, description="Meetings that wait for a slot, or have one")
    placed: int | None = None
    moved: int | None = Field(default=None, description="Meetings whose slot or table people knew, and that changed")
    fewest: int | None = Field(default=None, description="Meetings of whoever has fewest of all who could have one")
    worth: int | None = None
    bound: float | None = Field(default=None, description="No schedule is worth more")
    unplaced: dict[str, Any] = Field(sa_type=json_object(), description="How many, by why")
    applied_at: datetime | None = None
    version: int
    created_at: datetime
    updated_at: datetime
