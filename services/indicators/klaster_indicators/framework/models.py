"""Tables of the framework. Everything but the edition itself belongs to one edition, and goes with it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from klaster_indicators.database import Base


class Edition(Base, table=True):
    """One strategy. Without a day of adoption it is a draft; once adopted it is never changed."""

    __tablename__ = "editions"

    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=60, unique=True)
    title_pl: str = Field(max_length=4000)
    title_en: str = Field(max_length=4000)
    adopted: date | None = None
    baseline_year_programme: int
    baseline_year_effect: int
    target_year: int
    fingerprint: str = Field(max_length=64, description="Of the document: equal documents are the same edition")
    document: str = Field(sa_type=Text, description="The whole document as JSON, as it was taken in")
    copied_from: str | None = Field(default=None, max_length=60, description="Code of the edition it was begun from")
    version: int
    created_at: datetime
    updated_at: datetime


class EditionRevision(Base, table=True):
    """What an edition said from an instant on; it stays when a draft is deleted, so that the past can be asked for."""

    __tablename__ = "edition_revisions"

    edition_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    code: str = Field(max_length=60, index=True)
    recorded_at: datetime
    adopted: date | None = None
    document: str | None = Field(default=None, sa_type=Text, description="Empty from the deletion of a draft on")


class Level(Base, table=True):
    """A level of the framework."""

    __tablename__ = "levels"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    position: int
    code: str = Field(max_length=60)
    name_pl: str = Field(max_length=4000)
    name_en: str = Field(max_length=4000)
    controlled: str = Field(max_length=60)
    about_pl: str = Field(max_length=4000)
    about_en: str = Field(max_length=4000)


class Path(Base, table=True):
    """A development path with its vision."""

    __tablename__ = "paths"
    __table_args__ = (UniqueConstraint("edition_id", "number"), UniqueConstraint("edition_id", "code"))

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    number: int
    code: str = Field(max_length=60)
    name_pl: str = Field(max_length=4000)
    name_en: str = Field(max_length=4000)
    vision_code: str = Field(max_length=60)
    vision_pl: str = Field(max_length=4000)
    vision_en: str = Field(max_length=4000)


class Effect(Base, table=True):
    """An effect of the cluster (level B)."""

    __tablename__ = "effects"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    position: int
    code: str = Field(max_length=60)
    printed_code: str | None = Field(default=None, max_length=60)
    path: int
    name_pl: str = Field(max_length=4000)
    name_en: str = Field(max_length=4000)
    note: str | None = Field(default=None, max_length=4000)


class Programme(Base, table=True):
    """A programme of the cluster (level C); its goals are indicators."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    position: int
    code: str = Field(max_length=60)
    path: int
    name_pl: str = Field(max_length=4000)
    name_en: str = Field(max_length=4000)
    note: str | None = Field(default=None, max_length=4000)


class Task(Base, table=True):
    """A task or service (level D)."""

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(foreign_key="editions.id", ondelete="CASCADE")
    position: int
    code: str = Field(max_length=60)
    path: int
    kind: str = Field(max_length=20)
    path_is_reading: bool
    name_pl: str = Field(max_length=4000)
    name_en: str = Field(max_length=4000)
