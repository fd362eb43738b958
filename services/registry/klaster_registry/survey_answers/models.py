"""Tables of answers."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, sort_text
from klaster_shared.decimals import ExactDecimal


class SurveyAnswer(Base, table=True):
    """What one entity declares about one year."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        UniqueConstraint("year", "entity_id"),
        CheckConstraint("state IN ('draft', 'submitted', 'verified')", name="state"),
        # A verified answer can be checked by others: it says where.
        CheckConstraint(
            "state <> 'verified' OR evidence IS NOT NULL OR evidence_url IS NOT NULL", name="verified_has_evidence"
        ),
        Index("ix_survey_answers_state_year", "state", "year"),
    )

    id: UUID = Field(primary_key=True)
    year: int = Field(foreign_key="surveys.year")
    entity_id: UUID = Field(foreign_key="entities.id", index=True)
    state: str = Field(max_length=20)
    evidence: str | None = Field(default=None, sa_type=Text)
    evidence_url: str | None = Field(default=None, max_length=500)
    note: str | None = Field(default=None, max_length=500)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class SurveyValue(Base, table=True):
    """The answer to one question. What was not answered has no row: missing is not zero."""

    __tablename__ = "survey_values"
    __table_args__ = (Index("ix_survey_values_question", "question", "answer_id"),)

    answer_id: UUID = Field(primary_key=True, foreign_key="survey_answers.id", ondelete="CASCADE")
    question: str = Field(primary_key=True, sa_type=sort_text(60), foreign_key="survey_questions.code")
    value: Decimal = Field(sa_type=ExactDecimal(2))
