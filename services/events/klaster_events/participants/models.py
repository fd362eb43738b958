"""Tables of participants, and of the terms by which they are found. Names and addresses stand in `people` alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base, json_list, nullable_object, sort_text


class Participant(Base, table=True):
    """A confirmed registration that takes part in the meetings of its event, with its profile.

    The profile is what a person says of themselves: it goes when they are erased, the random ids stay.
    """

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("edition_id", "registration_id"),
        CheckConstraint("cap > 0", name="cap"),
        Index("ix_participants_edition_id_created_at_id", "edition_id", "created_at", "id"),
        Index("ix_participants_registration_id", "registration_id"),
        Index("ix_participants_entity_id", "entity_id"),
    )

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    registration_id: UUID = Field(foreign_key="registrations.id", ondelete="CASCADE")
    entity_id: UUID | None = Field(default=None, description="The registration's, as it was when they joined")
    kind: str = Field(max_length=60, description="A code of the edition's kinds")
    languages: list[str] = Field(sa_type=json_list(), description="ISO 639-1")
    fields: list[str] = Field(sa_type=json_list())
    about_pl: str | None = Field(default=None, sa_type=Text)
    about_en: str | None = Field(default=None, sa_type=Text)
    seeks: list[str] = Field(sa_type=json_list())
    offers: list[str] = Field(sa_type=json_list())
    availability: list[dict[str, Any]] | None = Field(
        default=None, sa_type=nullable_object(), description="Windows as an edition's; null: the whole edition"
    )
    cap: int | None = Field(default=None, description="Meetings at most, of their own wish; null: as the edition says")
    listed: bool = Field(description="Whether other participants are told the name")
    withdrawn_at: datetime | None = None
    version: int
    created_at: datetime
    updated_at: datetime


class ParticipantTerm(Base, table=True):
    """A field, a language, a folded keyword (seeks, offers) or the stem of one of its words: by them they are found."""

    __tablename__ = "participant_terms"
    __table_args__ = (Index("ix_participant_terms_kind_term_participant_id", "kind", "term", "participant_id"),)

    participant_id: UUID = Field(primary_key=True, foreign_key="participants.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=20)
    term: str = Field(primary_key=True, sa_type=sort_text(200))
