"""The table of erasures: random ids alone, so that a restored backup can be brought to forget again."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from klaster_events.database import Base


class Erasure(Base, table=True):
    """A person was erased. The id tells nobody who it was."""

    __tablename__ = "erasures"

    person_id: UUID = Field(primary_key=True)
    at: datetime
    actor: str = Field(max_length=200)
    actor_role: str = Field(max_length=20)
    reason: str = Field(max_length=20, description="asked, office or retention")
