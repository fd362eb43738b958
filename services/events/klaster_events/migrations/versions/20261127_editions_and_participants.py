"""editions and participants.

Revision: 79fbdb68b855, after 7450ded336b7
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "79fbdb68b855"
down_revision = "7450ded336b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("acceptance", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("requests_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answers_within_hours", sa.Integer(), nullable=False),
        sa.Column("cap_per_participant", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("acceptance IN ('opt_in', 'automatic')", name=op.f("ck_editions_acceptance")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_editions_state")),
        sa.CheckConstraint("answers_within_hours > 0", name=op.f("ck_editions_answers_within_hours")),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 60", name=op.f("ck_editions_break_minutes")),
        sa.CheckConstraint("cap_per_participant > 0", name=op.f("ck_editions_cap_per_participant")),
        sa.CheckConstraint("slot_minutes IN (15, 20, 30)", name=op.f("ck_editions_slot_minutes")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_editions_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("event_id", name=op.f("uq_editions_event_id")),
    )
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.create_index("ix_editions_created_at_id", ["created_at", "id"], unique=False)

    op.create_table(
        "edition_tables",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column(
            "code", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("room", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("online_url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=True),
        sa.Column("windows", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_edition_tables_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_tables")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_edition_tables_edition_id_code")),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("about_pl", sa.Text(), nullable=True),
        sa.Column("about_en", sa.Text(), nullable=True),
        sa.Column("seeks", sa.JSON(), nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("availability", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("cap > 0", name=op.f("ck_participants_cap")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_participants_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_participants_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("edition_id", "registration_id", name=op.f("uq_participants_edition_id_registration_id")),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(
            "ix_participants_edition_id_created_at_id", ["edition_id", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_participants_entity_id", ["entity_id"], unique=False)
        batch_op.create_index("ix_participants_registration_id", ["registration_id"], unique=False)

    op.create_table(
        "participant_terms",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "term",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_participant_terms_participant_id_participants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "kind", "term", name=op.f("pk_participant_terms")),
    )
    with op.batch_alter_table("participant_terms", schema=None) as batch_op:
        batch_op.create_index(
            "ix_participant_terms_kind_term_participant_id", ["kind", "term", "participant_id"], unique=False
        )
