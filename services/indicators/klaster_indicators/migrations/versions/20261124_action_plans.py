"""action plans."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "c7b3cb4e6d3e"
down_revision: str | Sequence[str] | None = "b31f6a90d7e4"


def upgrade() -> None:
    op.create_table(
        "action_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'adopted', 'closed')", name=op.f("ck_action_plans_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plans")),
        sa.UniqueConstraint("year", name=op.f("uq_action_plans_year")),
    )
    op.create_table(
        "action_plan_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("task", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("responsible_entity", sa.Uuid(), nullable=True),
        sa.Column("responsible_name", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("responsible_sig", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("responsible_text", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("planned", sa.String(length=60), nullable=True),
        sa.Column("done", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("resources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'done', 'cancelled')", name=op.f("ck_action_plan_items_state")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_action_plan_items_in_order")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["action_plans.id"], name=op.f("fk_action_plan_items_plan_id_action_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan_items")),
    )
    op.create_index("ix_action_plan_items_plan_id_task", "action_plan_items", ["plan_id", "task"], unique=False)
    op.create_index(
        op.f("ix_action_plan_items_responsible_entity"), "action_plan_items", ["responsible_entity"], unique=False
    )
    op.create_index("ix_action_plan_items_starts_on_id", "action_plan_items", ["starts_on", "id"], unique=False)
