"""The table of series."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from klaster_events.database import Base, json_list, sort_text


class Series(Base, table=True):
    """A series of events: a training programme, an education programme, startup support, a campaign, an edition."""

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="in_order"),)

    code: str = Field(primary_key=True, sa_type=sort_text(60))
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    counts_as: list[str] = Field(sa_type=json_list())
    starts_on: date = Field(description="First day on which it runs")
    ends_on: date = Field(description="Last day; far in the future where it is open")
    demonstration: bool
    version: int
    updated_at: datetime
