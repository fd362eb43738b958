"""The table of signing keys of links: made by the first who needs one, kept with the data that they open."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from klaster_events.database import Base


class LinkKey(Base, table=True):
    """A key that signs links. The newest signs; all of them are believed, so that links live on after a rotation."""

    __tablename__ = "link_keys"

    number: int = Field(primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)
    created_at: datetime
