"""The table of interest in posts. The person behind it is a random id; the message is theirs, and erased with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from klaster_events.database import Base

_LIVES = text("state IN ('shown', 'agreed')")


class Interest(Base, table=True):
    """That an entity is interested in a post, and when each side agreed that the other is told whom to speak to."""

    __tablename__ = "interests"
    __table_args__ = (
        CheckConstraint("state IN ('shown', 'agreed', 'declined', 'withdrawn')", name="state"),
        CheckConstraint(
            "state != 'agreed' OR (owner_agreed_at IS NOT NULL AND asker_agreed_at IS NOT NULL)", name="both_agreed"
        ),
        Index(
            "uq_interests_post_id_entity_id",
            "post_id",
            "entity_id",
            unique=True,
            sqlite_where=_LIVES,
            postgresql_where=_LIVES,
        ),
        Index("ix_interests_created_at_id", "created_at", "id"),
        Index("ix_interests_entity_id", "entity_id"),
        Index("ix_interests_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    post_id: UUID = Field(foreign_key="board_posts.id", ondelete="CASCADE")
    entity_id: UUID = Field(description="Who is interested")
    person_id: UUID = Field(description="Whom to speak to there")
    contact_language: str = Field(
        default="pl", max_length=2, sa_column_kwargs={"server_default": "pl"}, description="Of messages to them"
    )
    message: str | None = Field(default=None, sa_type=Text, description="Null where its person was erased")
    state: str = Field(max_length=20)
    owner_agreed_at: datetime | None = None
    asker_agreed_at: datetime | None = None
    version: int
    created_at: datetime
    updated_at: datetime
