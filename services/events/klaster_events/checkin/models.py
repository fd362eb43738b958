"""Tables of check-in. What a scan says is kept for good; who is inside follows from all of them together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from klaster_events.database import Base

NOBODY: dict[str, Any] = {"server_default": text("0")}


class CheckinList(Base, table=True):
    """One door: of the whole event, or of one session. Lists do not know of each other."""

    __tablename__ = "checkin_lists"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="in_order"),
        CheckConstraint("inside >= 0 AND entered >= inside", name="counters"),
        Index("ix_checkin_lists_event_id_id", "event_id", "id"),
        Index("ix_checkin_lists_session_id", "session_id"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    # A session that is taken off the agenda takes no scan with it: its list becomes one of the event.
    session_id: UUID | None = Field(default=None, foreign_key="agenda_sessions.id", ondelete="SET NULL")
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    opens_at: datetime | None = Field(default=None, description="Null: hours before the event or session begins")
    closes_at: datetime | None = Field(default=None, description="Null: hours after it ends")
    exits: bool = Field(description="Whether leaving is scanned too; somebody who left may come in again")
    walk_ins: bool = Field(description="Whether people without a registration are let in")
    entered: int = Field(default=0, sa_column_kwargs=NOBODY, description="Different people scanned here so far")
    inside: int = Field(default=0, sa_column_kwargs=NOBODY, description="Those whose last scan is an entry")
    version: int
    created_at: datetime
    updated_at: datetime


class CheckinDevice(Base, table=True):
    """A device key, and a list that it was given."""

    __tablename__ = "checkin_devices"

    list_id: UUID = Field(primary_key=True, foreign_key="checkin_lists.id", ondelete="CASCADE")
    subject: str = Field(primary_key=True, max_length=200, description="As tokens name the key: key:<id>")
    name: str = Field(max_length=200)
    given_at: datetime
    given_by: str = Field(max_length=200)


class Scan(Base, table=True):
    """One scan, accepted or refused. When it happened and when it arrived are two times."""

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("list_id", "nonce"),
        CheckConstraint("kind IN ('entry', 'exit')", name="kind"),
        Index("ix_scans_list_id_person_id_happened_at", "list_id", "person_id", "happened_at"),
        Index("ix_scans_list_id_received_at_id", "list_id", "received_at", "id"),
        Index("ix_scans_person_id", "person_id"),
        Index("ix_scans_registration_id", "registration_id"),
    )

    id: UUID = Field(primary_key=True)
    list_id: UUID = Field(foreign_key="checkin_lists.id", ondelete="CASCADE")
    nonce: str = Field(max_length=100)
    payload: str = Field(
        default="",
        max_length=64,
        sa_column_kwargs={"server_default": text("''")},
        description="Digest of what was sent, addresses left out: another scan under this nonce is told apart",
    )
    kind: str = Field(max_length=10)
    registration_id: UUID | None = None
    person_id: UUID | None = Field(default=None, description="A random id, which outlives the person's data")
    happened_at: datetime
    received_at: datetime
    device: str = Field(max_length=200)
    forced: bool = Field(description="It had happened already: recorded whatever the rules say now")
    reason: str | None = Field(default=None, max_length=20, description="Why it was refused; null: accepted")
    undone_at: datetime | None = None
    undone_by: str | None = Field(default=None, max_length=200)


class RevokedCode(Base, table=True):
    """A code that was replaced: the door says so, and knows whose it was."""

    __tablename__ = "revoked_codes"
    __table_args__ = (Index("ix_revoked_codes_registration_id", "registration_id"),)

    code: str = Field(primary_key=True, max_length=20)
    registration_id: UUID = Field(foreign_key="registrations.id", ondelete="CASCADE")
    revoked_at: datetime
