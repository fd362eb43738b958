"""The table of kinds of posts."""

from datetime import datetime

from sqlmodel import Field

from klaster_events.database import Base, json_list, sort_text


class PostKind(Base, table=True):
    """A kind of post. Its code stays; figures look at `counts_as` alone, so that a new name breaks none."""

    __tablename__ = "post_kinds"

    code: str = Field(primary_key=True, sa_type=sort_text(60))
    name_pl: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    counts_as: list[str] = Field(sa_type=json_list())
    retired: bool
    version: int
    updated_at: datetime
