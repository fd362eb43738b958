"""the board.

Revision: 128338841472, after ecc01aa37e46
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "128338841472"
down_revision = "ecc01aa37e46"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_kinds",
        sa.Column(
            "code", sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("counts_as", sa.JSON(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_post_kinds")),
    )
    op.create_table(
        "board_posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("side", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "kind", sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("text_pl", sa.Text(), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("sort_title", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("readiness", sa.Integer(), nullable=True),
        sa.Column("international", sa.Boolean(), nullable=False),
        sa.Column("visibility", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("posted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("source_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("side IN ('offer', 'need')", name=op.f("ck_board_posts_side")),
        sa.CheckConstraint("state IN ('draft', 'published', 'answered', 'closed')", name=op.f("ck_board_posts_state")),
        sa.CheckConstraint("visibility IN ('public', 'partners')", name=op.f("ck_board_posts_visibility")),
        sa.CheckConstraint("readiness IS NULL OR readiness BETWEEN 1 AND 9", name=op.f("ck_board_posts_readiness")),
        sa.CheckConstraint("title_pl IS NOT NULL OR title_en IS NOT NULL", name=op.f("ck_board_posts_titled")),
        sa.ForeignKeyConstraint(["kind"], ["post_kinds.code"], name=op.f("fk_board_posts_kind_post_kinds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_posts")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_board_posts_source_source_key")),
    )
    with op.batch_alter_table("board_posts", schema=None) as batch_op:
        batch_op.create_index("ix_board_posts_owner_id", ["owner_id"], unique=False)
        batch_op.create_index("ix_board_posts_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_board_posts_posted_at_id", ["posted_at", "id"], unique=False)
        batch_op.create_index("ix_board_posts_sort_title_id", ["sort_title", "id"], unique=False)
        batch_op.create_index("ix_board_posts_updated_at_id", ["updated_at", "id"], unique=False)
        batch_op.create_index("ix_board_posts_valid_until_id", ["valid_until", "id"], unique=False)

    op.create_table(
        "post_terms",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "term",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["board_posts.id"], name=op.f("fk_post_terms_post_id_board_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "kind", "term", name=op.f("pk_post_terms")),
    )
    with op.batch_alter_table("post_terms", schema=None) as batch_op:
        batch_op.create_index("ix_post_terms_kind_term_post_id", ["kind", "term", "post_id"], unique=False)
