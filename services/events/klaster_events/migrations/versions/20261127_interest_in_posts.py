"""interest in posts.

Revision: 6a4d4f9f3ce5, after 128338841472
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "6a4d4f9f3ce5"
down_revision = "128338841472"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("owner_agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("asker_agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state != 'agreed' OR (owner_agreed_at IS NOT NULL AND asker_agreed_at IS NOT NULL)",
            name=op.f("ck_interests_both_agreed"),
        ),
        sa.CheckConstraint("state IN ('shown', 'agreed', 'declined', 'withdrawn')", name=op.f("ck_interests_state")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["board_posts.id"], name=op.f("fk_interests_post_id_board_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
    )
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.create_index("ix_interests_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_interests_entity_id", ["entity_id"], unique=False)
        batch_op.create_index("ix_interests_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_interests_post_id_entity_id",
            ["post_id", "entity_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('shown', 'agreed')"),
            postgresql_where=sa.text("state IN ('shown', 'agreed')"),
        )
