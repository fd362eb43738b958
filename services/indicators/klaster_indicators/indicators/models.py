"""Tables of indicators.

An indicator and its measures keep their identity across editions, so that observations go on counting; what an
edition says of them (name, unit, baseline, target ...) stands in definitions that belong to the edition.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_indicators.database import Base, PlainDecimal, json_facts


def _number() -> Any:
    return Field(default=None, sa_type=PlainDecimal)


def _facts() -> Any:
    return Field(default=None, sa_type=json_facts())


def _note() -> Any:
    return Field(default=None, sa_type=Text)


class Indicator(Base, table=True):
    """An indicator, for ever: its code is stable."""

    __tablename__ = "indicators"

    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=60, unique=True)
    created_at: datetime


class Measure(Base, table=True):
    """A measure of an indicator, for ever: what observations belong to."""

    __tablename__ = "measures"
    __table_args__ = (UniqueConstraint("indicator_id", "code"),)

    id: UUID = Field(primary_key=True)
    indicator_id: UUID = Field(foreign_key="indicators.id")
    code: str = Field(max_length=60)
    created_at: datetime


class IndicatorDefinition(Base, table=True):
    """What one edition says of an indicator."""

    __tablename__ = "indicator_definitions"
    __table_args__ = (UniqueConstraint("edition_id", "indicator_id"), UniqueConstraint("edition_id", "position"))

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    indicator_id: UUID = Field(foreign_key="indicators.id", index=True)
    position: int
    level: str = Field(max_length=60)
    path: int
    programme: str | None = Field(default=None, max_length=60)
    name_pl: str = Field(max_length=4000)
    name_en: str = Field(max_length=4000)
    printed_baseline: str | None = _note()
    printed_target: str | None = _note()
    printed_note: str | None = _note()
    source: str | None = _note()
    note: str | None = _note()
    ambiguous: bool
    links: list[Any] | None = _facts()
    evidence: list[Any] | None = _facts()
    context: list[Any] | None = _facts()
    search_text: str = Field(sa_type=Text, description="Code and names, folded")


class IndicatorEffect(Base, table=True):
    """That an indicator shows an effect, in one edition."""

    __tablename__ = "indicator_effects"

    definition_id: UUID = Field(foreign_key="indicator_definitions.id", ondelete="CASCADE", primary_key=True)
    effect: str = Field(max_length=60, primary_key=True)
    position: int


class MeasureDefinition(Base, table=True):
    """What one edition says of a measure."""

    __tablename__ = "measure_definitions"
    __table_args__ = (
        UniqueConstraint("definition_id", "measure_id"),
        CheckConstraint("period IN ('point', 'year', 'window_3y', 'cumulative')", name="period"),
        CheckConstraint("direction IN ('increase', 'decrease', 'maintain')", name="direction"),
        Index("ix_measure_definitions_measure_id", "measure_id"),
    )

    id: UUID = Field(primary_key=True)
    definition_id: UUID = Field(foreign_key="indicator_definitions.id", ondelete="CASCADE")
    measure_id: UUID = Field(foreign_key="measures.id")
    position: int
    unit: str = Field(max_length=60)
    period: str = Field(max_length=20)
    direction: str | None = Field(default=None, max_length=20)
    live: str | None = Field(default=None, max_length=100)
    scope: str | None = _note()
    rule: str | None = _note()
    sig: str | None = Field(default=None, max_length=60)
    assessed: bool
    ambiguous: bool
    note: str | None = _note()


class Baseline(Base, table=True):
    """Where a measure started, in one edition."""

    __tablename__ = "baselines"
    __table_args__ = (CheckConstraint("value IS NOT NULL OR status IS NOT NULL", name="says_something"),)

    measure_definition_id: UUID = Field(foreign_key="measure_definitions.id", ondelete="CASCADE", primary_key=True)
    value: Decimal | None = _number()
    status: str | None = Field(default=None, max_length=20)
    printed: str | None = _note()
    approximate: bool
    ambiguous: bool
    year: int
    since: int | None = None
    period: str = Field(max_length=20)
    of_day: date = Field(description="The day it is of; of a period, its last day")
    by: dict[str, Any] | None = _facts()
    by_year: dict[str, Any] | None = _facts()
    note: str | None = _note()


class Target(Base, table=True):
    """What a measure is to reach in a year, in one edition, with the number that it means; the last year is the aim."""

    __tablename__ = "targets"

    measure_definition_id: UUID = Field(foreign_key="measure_definitions.id", ondelete="CASCADE", primary_key=True)
    year: int = Field(primary_key=True)
    of_day: date
    value: Decimal | None = _number()
    change_percent: Decimal | None = _number()
    growth_percent_per_year: Decimal | None = _number()
    sum_of: list[Any] | None = _facts()
    resolves_to: Decimal | None = _number()
    how: str = Field(max_length=500)
    bound: str | None = Field(default=None, max_length=20)
