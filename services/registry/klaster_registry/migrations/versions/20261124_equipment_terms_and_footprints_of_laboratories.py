"""equipment, terms and carbon footprints of laboratories.

Revision: 5d1c0f6a7b21, after 53313a02ba33
"""

import sqlalchemy as sa
from alembic import op

revision = "5d1c0f6a7b21"
down_revision = "53313a02ba33"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lab_fields",
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["lab_id"], ["labs.id"], name=op.f("fk_lab_fields_lab_id_labs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lab_id", "field", name=op.f("pk_lab_fields")),
    )
    op.create_index("ix_lab_fields_field", "lab_fields", ["field", "lab_id"], unique=False)
    op.create_table(
        "lab_footprints",
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("tco2e", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.CheckConstraint("tco2e >= 0", name=op.f("ck_lab_footprints_not_negative")),
        sa.ForeignKeyConstraint(
            ["lab_id"], ["labs.id"], name=op.f("fk_lab_footprints_lab_id_labs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lab_id", "year", name=op.f("pk_lab_footprints")),
    )
    op.create_index(op.f("ix_lab_footprints_year"), "lab_footprints", ["year"], unique=False)
    with op.batch_alter_table("labs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms_pl", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("terms_en", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("partners_only", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("equipment", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    # The default is for the rows of before: PostgreSQL cannot compare a JSON default with what the models say.
    with op.batch_alter_table("labs", schema=None) as batch_op:
        batch_op.alter_column("equipment", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
