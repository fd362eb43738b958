"""Tables of the showcase. People are random ids; of who looked nothing is kept but how often a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base, json_list


class ShowcaseItem(Base, table=True):
    """A result of a project, on show from a day to a day."""

    __tablename__ = "showcase_items"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
        Index("ix_showcase_items_shown_from_id", "shown_from", "id"),
        Index("ix_showcase_items_entity_id", "entity_id"),
        Index("ix_showcase_items_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(description="Who promotes it")
    project_id: UUID = Field(description="The project in the registry")
    person_id: UUID = Field(description="Whom to speak to")
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    text_pl: str = Field(sa_type=Text)
    text_en: str = Field(sa_type=Text)
    search_text: str = Field(sa_type=Text)
    links: list[dict[str, Any]] = Field(sa_type=json_list())
    state: str = Field(max_length=20)
    shown_from: date
    shown_until: date | None = Field(default=None, description="The last day; null: open")
    demonstration: bool
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    version: int
    created_at: datetime
    updated_at: datetime


class ShowcaseView(Base, table=True):
    """How often a result was looked at on a day, and nothing of who did."""

    __tablename__ = "showcase_views"

    item_id: UUID = Field(primary_key=True, foreign_key="showcase_items.id", ondelete="CASCADE")
    day: date = Field(primary_key=True)
    views: int


class ShowcaseContact(Base, table=True):
    """That an entity asked whom to speak to about a result. The message is its person's, and erased with them."""

    __tablename__ = "showcase_contacts"
    __table_args__ = (
        UniqueConstraint("item_id", "entity_id"),
        Index("ix_showcase_contacts_created_at_id", "created_at", "id"),
        Index("ix_showcase_contacts_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    item_id: UUID = Field(foreign_key="showcase_items.id", ondelete="CASCADE")
    entity_id: UUID
    person_id: UUID
    message: str | None = Field(default=None, sa_type=Text, description="Null where its person was erased")
    created_at: datetime
