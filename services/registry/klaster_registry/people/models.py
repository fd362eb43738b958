"""Tables of people. What is personal stands in rows of its own, which can be erased; what is counted stays."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_registry.database import Base, sort_text


class Person(Base, table=True):
    """A person, of whom this says nothing: the id is random, it does not even tell when it was given."""

    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    erased_on: date | None = None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class PersonDetails(Base, table=True):
    """Who the person is. Erasing deletes this row."""

    __tablename__ = "person_details"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        Index("ix_person_details_sort_name", "sort_name", "person_id"),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="people.id", ondelete="CASCADE")
    name: str = Field(max_length=200)
    sort_name: str = Field(sa_type=sort_text())
    folded: str = Field(sa_type=Text)
    title: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    bio_pl: str | None = Field(default=None, sa_type=Text)
    bio_en: str | None = Field(default=None, sa_type=Text)
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)


class PersonRole(Base, table=True):
    """What a person is in an entity or a body, and when. Erasing keeps the period, without its words."""

    __tablename__ = "person_roles"
    __table_args__ = (
        CheckConstraint("(entity_id IS NULL) <> (body IS NULL)", name="somewhere"),
        CheckConstraint("valid_from <= valid_until", name="in_order"),
        Index("ix_person_roles_person_id", "person_id"),
        Index("ix_person_roles_entity_id", "entity_id", "valid_from", "valid_until"),
        Index("ix_person_roles_body", "body", "valid_from", "valid_until"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", ondelete="CASCADE")
    entity_id: UUID | None = Field(default=None, foreign_key="entities.id")
    body: str | None = Field(default=None, max_length=60)
    role: str = Field(max_length=60)
    function_pl: str | None = Field(default=None, max_length=500)
    function_en: str | None = Field(default=None, max_length=500)
    valid_from: date
    valid_until: date


class PersonConsent(Base, table=True):
    """What a person consented to, when, and until when. Erasing withdraws it and deletes its evidence."""

    __tablename__ = "person_consents"
    __table_args__ = (
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name="in_order"),
        Index("ix_person_consents_person_id_purpose", "person_id", "purpose", "given_on", "withdrawn_on"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", ondelete="CASCADE")
    purpose: str = Field(max_length=60)
    given_on: date
    withdrawn_on: date | None = Field(default=None, description="The first day on which it no longer holds")
    evidence: str | None = Field(default=None, sa_type=Text)
