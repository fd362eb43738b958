"""The table of registrations. It knows a person by a random id alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from klaster_events.database import Base, json_object

_EXPIRES = text("expires_at IS NOT NULL")


class Registration(Base, table=True):
    """One person, once per event, with a seat or a place in the queue.

    requested: the organiser has yet to say yes. waiting: in the queue. pending: a seat is held until the address is
    confirmed by the link sent to it. offered: a freed seat is held until it is taken. The rest says itself.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint(
            "state IN ('requested', 'waiting', 'pending', 'offered', 'confirmed', 'declined', 'cancelled')",
            name="state",
        ),
        Index("ix_registrations_event_id_state_ticket", "event_id", "state", "ticket"),
        Index("ix_registrations_event_id_ticket", "event_id", "ticket"),
        Index("ix_registrations_person_id", "person_id"),
        Index("ix_registrations_entity_id", "entity_id"),
        Index("ix_registrations_expires_at", "expires_at", sqlite_where=_EXPIRES, postgresql_where=_EXPIRES),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="events.id", ondelete="CASCADE")
    person_id: UUID = Field(description="No foreign key: the person can be erased, the random id stays")
    entity_id: UUID | None = None
    state: str = Field(max_length=20)
    ticket: int = Field(description="Its place in the order of arrival")
    code: str | None = Field(default=None, max_length=20, unique=True, description="What the door reads from the QR")
    language: str = Field(default="pl", max_length=2, sa_column_kwargs={"server_default": text("'pl'")})
    origin: str = Field(
        default="self",
        max_length=20,
        sa_column_kwargs={"server_default": text("'self'")},
        description="self, partner, office or import",
    )
    verified_at: datetime | None = Field(default=None, description="When the address was confirmed, or vouched for")
    expires_at: datetime | None = Field(
        default=None, description="When a held seat, or an address never confirmed, is given up"
    )
    ended_by: str | None = Field(
        default=None, max_length=20, description="Why it is cancelled: self, office, partner, expired, erased"
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime
    updated_at: datetime


class RegistrationAnswer(Base, table=True):
    """What somebody answered to an event's own questions: personal data, erased with the person."""

    __tablename__ = "registration_answers"
    __table_args__ = (Index("ix_registration_answers_person_id", "person_id"),)

    registration_id: UUID = Field(primary_key=True, foreign_key="registrations.id", ondelete="CASCADE")
    person_id: UUID
    answers: dict[str, Any] = Field(sa_type=json_object())
