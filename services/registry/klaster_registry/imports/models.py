"""Tables of imports: what was asked for, the file in pieces, and what became of each row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text
from sqlmodel import Field

from klaster_registry.database import Base, json_list


class Import(Base, table=True):
    """A file that is to be taken in. `done` is the checkpoint: the rows up to it have their verdict."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("purpose IN ('none', 'rehearsal', 'application')", name="purpose"),
        Index("ix_imports_created_at_id", "created_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    filename: str | None = Field(default=None, max_length=500)
    format: str | None = Field(default=None, max_length=20)
    source: str = Field(max_length=60)
    duplicates: str = Field(max_length=20)
    size: int = Field(default=0, sa_type=BigInteger, description="Bytes of the file as it is kept")
    pieces: int = 0
    encoding: str = Field(default="utf-8", max_length=20)
    delimiter: str = Field(default=",", max_length=1)
    columns: list[str] = Field(sa_type=json_list())
    mapping: list[str | None] = Field(sa_type=json_list())
    purpose: str = Field(default="none", max_length=20)
    job_id: UUID | None = None
    done: int = 0
    complete: bool = False
    version: int = 1
    created_by: str = Field(max_length=200)
    created_at: datetime
    updated_at: datetime


class ImportPiece(Base, table=True):
    """A piece of a file; gone some time after the import has been applied."""

    __tablename__ = "import_pieces"

    import_id: UUID = Field(primary_key=True, foreign_key="imports.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class ImportRow(Base, table=True):
    """What became of a row, or would."""

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_import_id_key", "import_id", "key"),
        Index("ix_import_rows_import_id_verdict_number", "import_id", "verdict", "number"),
    )

    import_id: UUID = Field(primary_key=True, foreign_key="imports.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    verdict: str = Field(max_length=20)
    key: str | None = Field(default=None, max_length=64, description="Digest of whom the row is about")
    label: str | None = Field(default=None, max_length=500)
    entity_id: UUID | None = None
    changed: str = Field(sa_type=Text)
    duplicate_of: str = Field(sa_type=Text)
    errors: str = Field(sa_type=Text)
