"""imports.

Revision: d40b6c2e8f17, after 7c1e5a90d2f4
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "d40b6c2e8f17"
down_revision = "7c1e5a90d2f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", AutoString(length=500), nullable=True),
        sa.Column("format", AutoString(length=20), nullable=True),
        sa.Column("source", AutoString(length=60), nullable=False),
        sa.Column("duplicates", AutoString(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("encoding", AutoString(length=20), nullable=False),
        sa.Column("delimiter", AutoString(length=1), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("purpose", AutoString(length=20), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", AutoString(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("purpose IN ('none', 'rehearsal', 'application')", name=op.f("ck_imports_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created_at_id", "imports", ["created_at", "id"], unique=False)
    op.create_table(
        "import_pieces",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_pieces_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_pieces")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", AutoString(length=20), nullable=False),
        sa.Column("key", AutoString(length=64), nullable=True),
        sa.Column("label", AutoString(length=500), nullable=True),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("duplicate_of", sa.Text(), nullable=False),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_import_id_key", "import_rows", ["import_id", "key"], unique=False)
    op.create_index(
        "ix_import_rows_import_id_verdict_number", "import_rows", ["import_id", "verdict", "number"], unique=False
    )
