"""The table of declared readiness: organisations, and nothing about people."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from klaster_events.database import Base


class Readiness(Base, table=True):
    """That a cluster abroad declared, with a post of the board, that it is ready to cooperate."""

    __tablename__ = "readiness"

    id: UUID = Field(primary_key=True)
    post_id: UUID = Field(foreign_key="board_posts.id", unique=True, ondelete="CASCADE")
    foreign_hq_id: UUID | None = Field(default=None, description="Where the registry knows it")
    name: str = Field(max_length=500)
    country: str = Field(max_length=2)
    ready_from: date
    created_at: datetime
