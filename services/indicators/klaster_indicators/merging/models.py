"""The table of positions in feeds."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from klaster_indicators.database import Base


class FeedCursor(Base, table=True):
    """How far a neighbour's feed has been read; moved in the transaction that writes what it says."""

    __tablename__ = "feed_cursors"

    feed: str = Field(primary_key=True, max_length=40)
    position: int = Field(sa_type=BigInteger)
    moved_at: datetime
