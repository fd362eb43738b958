"""Tables of the board: posts, and the terms by which they are found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from klaster_events.database import Base, json_list, sort_text


class BoardPost(Base, table=True):
    """An offer or a need of an entity. Its contact person is a random id: names and addresses stand in `people`."""

    __tablename__ = "board_posts"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("side IN ('offer', 'need')", name="side"),
        CheckConstraint("state IN ('draft', 'published', 'answered', 'closed')", name="state"),
        CheckConstraint("visibility IN ('public', 'partners')", name="visibility"),
        CheckConstraint("readiness IS NULL OR readiness BETWEEN 1 AND 9", name="readiness"),
        CheckConstraint("title_pl IS NOT NULL OR title_en IS NOT NULL", name="titled"),
        # Each order of the list, with the id that settles ties; what figures and erasing ask for.
        Index("ix_board_posts_posted_at_id", "posted_at", "id"),
        Index("ix_board_posts_updated_at_id", "updated_at", "id"),
        Index("ix_board_posts_valid_until_id", "valid_until", "id"),
        Index("ix_board_posts_sort_title_id", "sort_title", "id"),
        Index("ix_board_posts_owner_id", "owner_id"),
        Index("ix_board_posts_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    side: str = Field(max_length=20)
    kind: str = Field(sa_type=sort_text(60), foreign_key="post_kinds.code")
    owner_id: UUID
    person_id: UUID = Field(description="The contact person")
    contact_language: str = Field(
        default="pl", max_length=2, sa_column_kwargs={"server_default": "pl"}, description="Of messages to them"
    )
    title_pl: str | None = Field(default=None, max_length=500)
    title_en: str | None = Field(default=None, max_length=500)
    text_pl: str | None = Field(default=None, sa_type=Text)
    text_en: str | None = Field(default=None, sa_type=Text)
    sort_title: str = Field(sa_type=sort_text())
    search_text: str = Field(sa_type=Text)
    fields: list[str] = Field(sa_type=json_list())
    keywords: list[str] = Field(sa_type=json_list())
    regions: list[str] = Field(sa_type=json_list())
    readiness: int | None = None
    international: bool = Field(description="Looks beyond the cluster's own country, as that was when it was written")
    visibility: str = Field(max_length=20)
    valid_until: date
    state: str = Field(max_length=20)
    posted_at: datetime = Field(description="When it was published; of a draft, when it was written down")
    demonstration: bool
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    version: int
    created_at: datetime
    updated_at: datetime


class PostTerm(Base, table=True):
    """A field, a region, a keyword or a word of a post: lists are filtered by them, and matches found."""

    __tablename__ = "post_terms"
    __table_args__ = (Index("ix_post_terms_kind_term_post_id", "kind", "term", "post_id"),)

    post_id: UUID = Field(primary_key=True, foreign_key="board_posts.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=20)
    term: str = Field(primary_key=True, sa_type=sort_text(200))


class PostWord(Base, table=True):
    """How many posts hold a word: the rarer it is, the more it says. Moved whenever words are, never counted anew."""

    __tablename__ = "post_words"

    term: str = Field(primary_key=True, sa_type=sort_text(200))
    posts: int
