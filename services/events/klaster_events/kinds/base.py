"""What the tables of kinds hold; each is a noun of its own."""

from datetime import datetime

from sqlmodel import Field

from klaster_events.database import Base, json_list, sort_text


class Kind(Base):
    """A kind of something. Its code stays; figures look at `counts_as` alone, so that a new name breaks none."""

    code: str = Field(primary_key=True, sa_type=sort_text(60))
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    counts_as: list[str] = Field(sa_type=json_list())
    retired: bool
    version: int
    updated_at: datetime
