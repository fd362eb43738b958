"""The table of questions."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from klaster_registry.database import Base, sort_text


class SurveyQuestion(Base, table=True):
    """A question. Its code and unit stay, else sums of different years would not be of one kind."""

    __tablename__ = "survey_questions"
    __table_args__ = (Index("ix_survey_questions_position_code", "position", "code"),)

    code: str = Field(primary_key=True, sa_type=sort_text(60))
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    unit: str = Field(max_length=20)
    position: int
    retired: bool
    version: int
    updated_at: datetime
