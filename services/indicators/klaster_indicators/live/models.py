"""What is known of each live figure beyond its values: when it was pulled, and what stands in the way."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from klaster_indicators.database import Base


class LiveFigure(Base, table=True):
    """One figure of another service."""

    __tablename__ = "live_figures"

    name: str = Field(primary_key=True, max_length=100)
    source: str = Field(max_length=60)
    last_attempt_at: datetime
    last_success_at: datetime | None = None
    problem: str | None = Field(default=None, sa_type=Text, description="Why the last attempt failed")
    reason: str | None = Field(default=None, sa_type=Text, description="Why its source cannot count it")


class LiveFigureState(Base, table=True):
    """How a figure's source was from an instant on: a new row when that changes, so that the past can be asked for."""

    __tablename__ = "live_figure_states"

    name: str = Field(primary_key=True, max_length=100)
    since: datetime = Field(primary_key=True)
    last_success_at: datetime | None = Field(default=None, description="The last one while this was so, or before it")
    problem: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
