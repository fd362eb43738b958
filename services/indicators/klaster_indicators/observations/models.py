"""Tables of observations and of the figure definitions they rest on."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from klaster_indicators.database import Base, PlainDecimal, json_facts

_VERIFIED = text("state = 'verified'")
_INCOMPLETE = text("NOT complete")
_RUNNING = text("state = 'verified' AND NOT complete")


class FigureDefinition(Base, table=True):
    """What a live figure counted, in its source's words; a new row when the words change."""

    __tablename__ = "figure_definitions"
    __table_args__ = (UniqueConstraint("figure", "fingerprint"),)

    id: UUID = Field(primary_key=True)
    figure: str = Field(max_length=100)
    fingerprint: str = Field(max_length=64)
    definition_pl: str = Field(sa_type=Text)
    definition_en: str = Field(sa_type=Text)
    first_seen_at: datetime


class Observation(Base, table=True):
    """One value of one measure for one day or period; at most one of them is verified."""

    __tablename__ = "observations"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'verified', 'superseded')", name="state"),
        CheckConstraint("origin IN ('live', 'manual')", name="origin"),
        CheckConstraint("period IN ('point', 'year', 'window_3y', 'cumulative')", name="period"),
        CheckConstraint("value IS NOT NULL OR status IS NOT NULL", name="says_something"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        Index(
            "uq_observations_verified",
            "measure_id",
            "period",
            "starts_on",
            "ends_on",
            unique=True,
            sqlite_where=_VERIFIED,
            postgresql_where=_VERIFIED,
        ),
        # The newest value of a measure up to a day is one step in this index, however long its history.
        Index("ix_observations_measure_id_period_ends_on_id", "measure_id", "period", "ends_on", "id"),
        Index("ix_observations_running", "ends_on", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        # What was running once: the same for what has been superseded since.
        Index("ix_observations_incomplete", "ends_on", sqlite_where=_INCOMPLETE, postgresql_where=_INCOMPLETE),
        Index("ix_observations_measure_id_ends_on_id", "measure_id", "ends_on", "id"),
    )

    id: UUID = Field(primary_key=True)
    measure_id: UUID = Field(foreign_key="measures.id")
    state: str = Field(max_length=20)
    origin: str = Field(max_length=20)
    value: Decimal | None = Field(default=None, sa_type=PlainDecimal)
    status: str | None = Field(default=None, max_length=20)
    approximate: bool
    printed: str | None = Field(default=None, sa_type=Text)
    unit: str = Field(max_length=60)
    period: str = Field(max_length=20)
    starts_on: date
    ends_on: date
    complete: bool
    source: str = Field(sa_type=Text)
    evidence: list[Any] | None = Field(default=None, sa_type=json_facts())
    note: str | None = Field(default=None, sa_type=Text)
    figure: str | None = Field(default=None, max_length=100)
    figure_definition_id: UUID | None = Field(default=None, foreign_key="figure_definitions.id")
    rows: str | None = Field(default=None, sa_type=Text)
    demonstration: int
    pulled_at: datetime | None = None
    checked_at: datetime | None = None
    reason: str | None = Field(default=None, sa_type=Text, description="Why it stands in place of an earlier one")
    supersedes: UUID | None = Field(default=None, foreign_key="observations.id", index=True)
    verified_at: datetime | None = Field(default=None, description="Since when it stands; empty: it never did")
    superseded_at: datetime | None = None
    superseded_reason: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime
    recorded_by: str = Field(max_length=200)
    version: int
