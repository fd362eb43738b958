"""Tables of personal data, and of who looked at it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from klaster_events.database import Base


class Person(Base, table=True):
    """A person, found again by address. Nothing refers to this row by a key: it can be erased, its id stays behind."""

    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=200)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254, unique=True, description="The address by which one person is one person")
    created_at: datetime


class PersonalDataRead(Base, table=True):
    """Somebody read a list that names people."""

    __tablename__ = "personal_data_reads"
    __table_args__ = (Index("ix_personal_data_reads_at_id", "at", "id"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    actor: str = Field(max_length=200)
    actor_role: str = Field(max_length=20)
    list_name: str = Field(max_length=40)
    event_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = Field(default=None, index=True, description="Where one person was looked at")
