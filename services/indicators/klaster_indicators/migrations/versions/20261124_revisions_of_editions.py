"""revisions of editions, and since when an observation stands."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "7d1e0b5c94a2"
down_revision: str | Sequence[str] | None = "c4cab05ebc7c"


def upgrade() -> None:
    op.create_table(
        "edition_revisions",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("adopted", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("edition_id", "version", name=op.f("pk_edition_revisions")),
    )
    op.create_index(op.f("ix_edition_revisions_code"), "edition_revisions", ["code"], unique=False)
    op.add_column("editions", sa.Column("copied_from", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True))
    op.add_column("observations", sa.Column("verified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    # What is there already has stood since it was recorded, as far as anybody noted.
    op.execute(
        "INSERT INTO edition_revisions (edition_id, version, code, recorded_at, adopted, document) "
        "SELECT id, version, code, updated_at, adopted, document FROM editions"
    )
    op.execute("UPDATE observations SET verified_at = recorded_at WHERE state <> 'draft'")
