"""Tables of editions, and of the tables at which people meet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base, json_list, nullable_object, sort_text


class Edition(Base, table=True):
    """The 1:1 meetings of one event, whose days, zone, registration and agenda are the event's own.

    Windows are local times by day of the event (`{"day": 1, "from": "09:00", "until": "12:30"}`): an event that moves
    takes them along. Slots follow from them (`slots.py`) and are stored nowhere.
    """

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state"),
        CheckConstraint("slot_minutes IN (15, 20, 30)", name="slot_minutes"),
        CheckConstraint("break_minutes BETWEEN 0 AND 60", name="break_minutes"),
        CheckConstraint("acceptance IN ('opt_in', 'automatic')", name="acceptance"),
        CheckConstraint("answers_within_hours > 0", name="answers_within_hours"),
        CheckConstraint("cap_per_participant > 0", name="cap_per_participant"),
        Index("ix_editions_created_at_id", "created_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    state: str = Field(max_length=20)
    slot_minutes: int
    break_minutes: int
    windows: list[dict[str, Any]] = Field(sa_type=json_list())
    acceptance: str = Field(max_length=20, description="opt_in: each request is answered; automatic: it is accepted")
    requests_until: datetime | None = Field(default=None, description="Null: until the event begins")
    answers_within_hours: int = Field(description="How long a request waits for its answer")
    cap_per_participant: int | None = Field(default=None, description="Meetings of one participant; null: no limit")
    kinds: list[dict[str, Any]] = Field(
        sa_type=json_list(), description="Kinds of participants: code, name, may_ask (null: all), cap (null: none)"
    )
    version: int
    created_at: datetime
    updated_at: datetime


class EditionTable(Base, table=True):
    """A table, or a place online, where two meet. One that is withdrawn keeps its row: meetings took place there."""

    __tablename__ = "edition_tables"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    code: str = Field(sa_type=sort_text(40))
    room: str | None = Field(default=None, max_length=200)
    online: bool
    online_url: str | None = Field(default=None, max_length=2000, description="For those who meet there alone")
    windows: list[dict[str, Any]] | None = Field(
        default=None, sa_type=nullable_object(), description="When it can be used; null: whenever the edition meets"
    )
    withdrawn_at: datetime | None = None
    version: int
    created_at: datetime
    updated_at: datetime
