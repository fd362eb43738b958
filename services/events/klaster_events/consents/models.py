"""Tables of consents: the words, each version kept, and who agreed to which."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, false
from sqlmodel import Field

from klaster_events.database import Base, sort_text


class ConsentText(Base, table=True):
    """What people are asked to agree to, for one purpose; a change of words is a new version."""

    __tablename__ = "consent_texts"
    __table_args__ = (CheckConstraint("occasion IN ('registration', 'interest')", name="occasion"),)

    purpose: str = Field(primary_key=True, sa_type=sort_text(60))
    version: int = Field(primary_key=True)
    text_pl: str = Field(sa_type=Text)
    text_en: str = Field(sa_type=Text)
    required: bool = Field(sa_column_kwargs={"server_default": false()}, description="Nothing is done without it")
    retired: bool = Field(sa_column_kwargs={"server_default": false()}, description="Asked of nobody any more")
    occasion: str = Field(
        max_length=20, sa_column_kwargs={"server_default": "registration"}, description="When people are asked"
    )
    created_at: datetime


class Consent(Base, table=True):
    """That a person agreed to a text, or took it back. It goes when the person is erased."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person_id_purpose", "person_id", "purpose"),)

    id: UUID = Field(primary_key=True)
    person_id: UUID
    purpose: str = Field(sa_type=sort_text(60))
    text_version: int
    event_id: UUID | None = None
    given_at: datetime
    withdrawn_at: datetime | None = None
