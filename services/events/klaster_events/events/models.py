"""The table of events. Seats are counted here, so that the database itself can refuse one too many."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base, sort_text


class Event(Base, table=True):
    """An event, with its counters of seats and of people who came."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("state IN ('draft', 'published', 'cancelled', 'completed')", name="state"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        CheckConstraint("capacity IS NULL OR confirmed <= capacity", name="seats"),
        CheckConstraint("confirmed >= 0 AND waiting >= 0 AND present >= 0", name="counters"),
        # Each order of the list, with the id that settles ties; what figures ask for.
        Index("ix_events_starts_at_id", "starts_at", "id"),
        Index("ix_events_sort_title_id", "sort_title", "id"),
        Index("ix_events_created_at_id", "created_at", "id"),
        Index("ix_events_updated_at_id", "updated_at", "id"),
        Index("ix_events_state_ends_at", "state", "ends_at"),
        Index("ix_events_series_ends_at", "series", "ends_at"),
        Index("ix_events_organiser_id", "organiser_id"),
    )

    id: UUID = Field(primary_key=True)
    type: str = Field(sa_type=sort_text(60), foreign_key="event_types.code")
    series: str | None = Field(default=None, sa_type=sort_text(60), foreign_key="series.code")
    organiser_id: UUID
    sig: str | None = Field(default=None, max_length=60)
    path: str | None = Field(default=None, max_length=60)
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    sort_title: str = Field(sa_type=sort_text())
    search_text: str = Field(sa_type=Text)
    starts_at: datetime
    ends_at: datetime
    zone: str = Field(max_length=60)
    place: str | None = Field(default=None, max_length=500)
    online: bool
    capacity: int | None = None
    confirmed: int = Field(description="Seats taken; moved by conditional updates alone")
    waiting: int
    tickets: int = Field(description="The last place given in the queue: it only ever rises")
    present: int = Field(description="Different people who came")
    state: str = Field(max_length=20)
    demonstration: bool
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    version: int
    created_at: datetime
    updated_at: datetime
