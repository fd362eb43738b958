"""The table of events. Seats are counted here, so that the database itself can refuse one too many."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field

from klaster_events.database import Base, json_list, sort_text

# What rows of an earlier release, and its code beside ours, have without saying it.
NONE_YET: dict[str, Any] = {"server_default": text("0")}
NO: dict[str, Any] = {"server_default": false()}


class Event(Base, table=True):
    """An event, with its counters of seats and of people who came."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("state IN ('draft', 'published', 'postponed', 'cancelled', 'completed')", name="state"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        CheckConstraint("visibility IN ('public', 'partners', 'sig')", name="visibility"),
        CheckConstraint("capacity IS NULL OR confirmed + held <= capacity", name="seats"),
        CheckConstraint("confirmed >= 0 AND held >= 0 AND waiting >= 0 AND present >= 0", name="counters"),
        # Each order of the list, with the id that settles ties; what figures ask for.
        Index("ix_events_starts_at_id", "starts_at", "id"),
        Index("ix_events_sort_title_id", "sort_title", "id"),
        Index("ix_events_created_at_id", "created_at", "id"),
        Index("ix_events_updated_at_id", "updated_at", "id"),
        Index("ix_events_published_at_id", "published_at", "id"),
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
    description_pl: str | None = Field(default=None, sa_type=Text)
    description_en: str | None = Field(default=None, sa_type=Text)
    languages: list[str] | None = Field(default=None, sa_type=json_list(), description="ISO 639-1; null: not said")
    starts_at: datetime
    ends_at: datetime
    zone: str = Field(max_length=60)
    place: str | None = Field(default=None, max_length=500)
    online: bool
    online_url: str | None = Field(default=None, max_length=2000, description="For registered people alone")
    visibility: str = Field(default="public", max_length=20, sa_column_kwargs={"server_default": text("'public'")})
    registration_from: datetime | None = None
    registration_until: datetime | None = None
    approval: bool = Field(default=False, sa_column_kwargs=NO, description="The organiser says yes to each")
    offer_hours: int | None = Field(
        default=None, description="How long a freed seat is held for whoever is next; null: it is theirs at once"
    )
    questions: list[dict[str, Any]] | None = Field(default=None, sa_type=json_list())
    capacity: int | None = None
    confirmed: int = Field(description="Seats taken; moved by conditional updates alone")
    held: int = Field(
        default=0, sa_column_kwargs=NONE_YET, description="Seats held for somebody who has yet to say yes"
    )
    waiting: int
    tickets: int = Field(description="The last place given in the queue: it only ever rises")
    present: int = Field(description="Different people who came")
    state: str = Field(max_length=20)
    published_at: datetime | None = Field(
        default=None, description="When it was first announced; null: not yet, or it came in as over"
    )
    sequence: int = Field(
        default=0, sa_column_kwargs=NONE_YET, description="Grows when time or place change (RFC 5545)"
    )
    demonstration: bool
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    version: int
    created_at: datetime
    updated_at: datetime


class CoOrganiser(Base, table=True):
    """An entity that organises an event together with the first one."""

    __tablename__ = "co_organisers"
    __table_args__ = (Index("ix_co_organisers_entity_id", "entity_id"),)

    event_id: UUID = Field(primary_key=True, foreign_key="events.id", ondelete="CASCADE")
    entity_id: UUID = Field(primary_key=True)
    position: int
