"""what was loaded and long addresses.

Revision: ee0b24834886, after c4f2a85d6e13
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "ee0b24834886"
down_revision = "c4f2a85d6e13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loaded_records",
        sa.Column("source", AutoString(length=60), nullable=False),
        sa.Column("source_key", AutoString(length=200), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("digest", AutoString(length=32), nullable=False),
        sa.Column("loaded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_loaded_records_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "source_key", name=op.f("pk_loaded_records")),
    )
    with op.batch_alter_table("loaded_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loaded_records_entity_id"), ["entity_id"], unique=False)

    with op.batch_alter_table("entity_links", schema=None) as batch_op:
        batch_op.alter_column(
            "url", existing_type=sa.VARCHAR(length=500), type_=AutoString(length=2000), existing_nullable=False
        )
