"""The table of surveys."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from klaster_registry.database import Base


class Survey(Base, table=True):
    """The survey about one calendar year."""

    __tablename__ = "surveys"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed')", name="state"),)

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(max_length=20)
    deadline: date | None = None
    note_pl: str | None = Field(default=None, sa_type=Text)
    note_en: str | None = Field(default=None, sa_type=Text)
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
