"""Tables of reviews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from klaster_indicators.database import Base, json_facts


class CouncilReview(Base, table=True):
    """A session of the council; closed once its corrections were applied to a draft."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("(applied_to IS NULL) = (applied_at IS NULL)", name="applied_has_time"),
        Index("ix_reviews_held_on_id", "held_on", "id"),
    )

    id: UUID = Field(primary_key=True)
    held_on: date
    edition: str = Field(max_length=60, description="Code of the edition that was reviewed")
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    participants: list[Any] = Field(sa_type=json_facts(), description="Roles and organisations, no people")
    note: str | None = Field(default=None, sa_type=Text)
    applied_to: str | None = Field(default=None, max_length=60, description="Code of the draft it was applied to")
    applied_at: datetime | None = None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ReviewDecision(Base, table=True):
    """What the council decided on one indicator."""

    __tablename__ = "review_decisions"
    __table_args__ = (
        CheckConstraint("decision IN ('confirmed', 'corrected', 'dropped')", name="decision"),
        CheckConstraint("(decision = 'corrected') = (correction IS NOT NULL)", name="correction"),
        Index("ix_review_decisions_code", "code"),
    )

    review_id: UUID = Field(foreign_key="reviews.id", ondelete="CASCADE", primary_key=True)
    code: str = Field(max_length=60, primary_key=True)
    position: int
    decision: str = Field(max_length=20)
    reason: str | None = Field(default=None, sa_type=Text)
    correction: dict[str, Any] | None = Field(default=None, sa_type=json_facts())
    outcome: str | None = Field(default=None, max_length=20, description="What became of it in the draft")
