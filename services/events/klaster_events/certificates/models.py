"""The table of numbers given to certificates: a number is never used twice, whatever becomes of its certificate."""

from sqlmodel import Field

from klaster_events.database import Base


class CertificateCounter(Base, table=True):
    """The last number of a year; it only ever rises."""

    __tablename__ = "certificate_counters"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
