"""reviews."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "c11dd075fc7a"
down_revision: str | Sequence[str] | None = "e8a4c17d52b6"


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("participants", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("applied_to", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("applied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("(applied_to IS NULL) = (applied_at IS NULL)", name=op.f("ck_reviews_applied_has_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_held_on_id", "reviews", ["held_on", "id"], unique=False)
    op.create_table(
        "review_decisions",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("correction", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.CheckConstraint(
            "(decision = 'corrected') = (correction IS NOT NULL)", name=op.f("ck_review_decisions_correction")
        ),
        sa.CheckConstraint(
            "decision IN ('confirmed', 'corrected', 'dropped')", name=op.f("ck_review_decisions_decision")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_decisions_review_id_reviews"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "code", name=op.f("pk_review_decisions")),
    )
    op.create_index("ix_review_decisions_code", "review_decisions", ["code"], unique=False)
