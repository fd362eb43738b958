"""matches.

Revision: 7450ded336b7, after 6a4d4f9f3ce5
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "7450ded336b7"
down_revision = "6a4d4f9f3ce5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "competitors",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "other_id", name=op.f("pk_competitors")),
    )
    with op.batch_alter_table("competitors", schema=None) as batch_op:
        batch_op.create_index("ix_competitors_other_id", ["other_id"], unique=False)

    op.create_table(
        "post_words",
        sa.Column(
            "term",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_post_words")),
    )
