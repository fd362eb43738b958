"""Tables of meetings. What people wrote stands apart, and goes when they are erased; the random ids stay."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from klaster_events.database import Base

LIVE = ("requested", "accepted", "scheduled")
_LIVES = text("state IN ('requested', 'accepted', 'scheduled')")
_ASKED = text("state = 'requested'")


class Meeting(Base, table=True):
    """That one participant asked another for a meeting, and what became of it.

    accepted: waits for a slot. scheduled: has slot and table, which `meeting_places` and `meeting_people` keep for it.
    took_place, missed: it had them, and somebody said how it went.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'accepted', 'declined', 'expired', 'cancelled', 'scheduled', 'took_place',"
            " 'missed')",
            name="state",
        ),
        CheckConstraint("asked_by_id != asked_id", name="two_people"),
        CheckConstraint("asker_priority BETWEEN 1 AND 3", name="asker_priority"),
        CheckConstraint("asked_priority IS NULL OR asked_priority BETWEEN 1 AND 3", name="asked_priority"),
        CheckConstraint(
            "(state IN ('scheduled', 'took_place', 'missed')) = (starts_at IS NOT NULL)"
            " AND (starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL) = (table_id IS NULL)"
            " AND (starts_at IS NULL) = (planned_by IS NULL)",
            name="placed",
        ),
        # Two meet once at a time, whoever asked: the smaller id is the first.
        Index(
            "uq_meetings_edition_id_first_id_second_id",
            "edition_id",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=_LIVES,
            postgresql_where=_LIVES,
        ),
        Index("ix_meetings_edition_id_created_at_id", "edition_id", "created_at", "id"),
        Index("ix_meetings_edition_id_state", "edition_id", "state"),
        Index("ix_meetings_asked_by_id", "asked_by_id"),
        Index("ix_meetings_asked_id", "asked_id"),
        Index("ix_meetings_expires_at", "expires_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
    )

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    asked_by_id: UUID = Field(foreign_key="participants.id", ondelete="CASCADE")
    asked_id: UUID = Field(foreign_key="participants.id", ondelete="CASCADE")
    first_id: UUID
    second_id: UUID
    state: str = Field(max_length=20)
    mutual: bool = Field(description="Each asked the other")
    asker_priority: int = Field(description="1 to 3, the highest last")
    asked_priority: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    table_id: UUID | None = Field(default=None, foreign_key="edition_tables.id")
    planned_by: str | None = Field(default=None, max_length=20, description="hand or plan")
    hindrance: str | None = Field(default=None, max_length=40, description="Why the last plan found no slot for it")
    ended_by: str | None = Field(
        default=None, max_length=20, description="asker, asked, office, gone, or event"
    )
    expires_at: datetime | None = None
    answered_at: datetime | None = None
    version: int
    created_at: datetime
    updated_at: datetime

    def end(self, *, by: str) -> None:
        """It will not take place; whoever calls this gives slot and table back."""
        self.state, self.ended_by = "cancelled", by
        self.starts_at = self.ends_at = self.table_id = self.planned_by = None


class MeetingPlace(Base, table=True):
    """That a table is taken in a slot: once."""

    __tablename__ = "meeting_places"
    __table_args__ = (Index("ix_meeting_places_meeting_id", "meeting_id"),)

    edition_id: UUID = Field(primary_key=True)
    slot: datetime = Field(primary_key=True, description="When it begins")
    table_id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key="meetings.id", ondelete="CASCADE")


class MeetingPerson(Base, table=True):
    """That a participant is at a meeting in a slot: at one."""

    __tablename__ = "meeting_people"
    __table_args__ = (Index("ix_meeting_people_meeting_id", "meeting_id"),)

    edition_id: UUID = Field(primary_key=True)
    slot: datetime = Field(primary_key=True, description="When it begins")
    participant_id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key="meetings.id", ondelete="CASCADE")


class MeetingOutcome(Base, table=True):
    """How a meeting went, as one of the two says."""

    __tablename__ = "meeting_outcomes"
    __table_args__ = (CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),)

    meeting_id: UUID = Field(primary_key=True, foreign_key="meetings.id", ondelete="CASCADE")
    participant_id: UUID = Field(primary_key=True)
    took_place: bool
    rating: int | None = None
    next_step: str = Field(max_length=20)
    created_at: datetime
    updated_at: datetime


class MeetingText(Base, table=True):
    """What somebody wrote: with a request, or of how it went. Personal data, erased with whoever wrote it."""

    __tablename__ = "meeting_texts"
    __table_args__ = (
        CheckConstraint("kind IN ('request', 'note')", name="kind"),
        Index("ix_meeting_texts_person_id", "person_id"),
    )

    meeting_id: UUID = Field(primary_key=True, foreign_key="meetings.id", ondelete="CASCADE")
    participant_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    person_id: UUID
    text: str = Field(sa_type=Text)
