"""meetings and plans.

Revision: 3fe49242f08a, after b6f8d46a2a49
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "3fe49242f08a"
down_revision = "b6f8d46a2a49"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("bound_seconds", sa.Float(), nullable=False),
        sa.Column("wishes", sa.Integer(), nullable=True),
        sa.Column("placed", sa.Integer(), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=True),
        sa.Column("fewest", sa.Integer(), nullable=True),
        sa.Column("worth", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("unplaced", sa.JSON(), nullable=False),
        sa.Column("applied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("mode IN ('whole', 'healing')", name=op.f("ck_plan_runs_mode")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_plan_runs_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_runs")),
        sa.UniqueConstraint("job_id", name=op.f("uq_plan_runs_job_id")),
    )
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.create_index("ix_plan_runs_edition_id_created_at_id", ["edition_id", "created_at", "id"], unique=False)

    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("mutual", sa.Boolean(), nullable=False),
        sa.Column("asker_priority", sa.Integer(), nullable=False),
        sa.Column("asked_priority", sa.Integer(), nullable=True),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("planned_by", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("hindrance", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("ended_by", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('scheduled', 'took_place', 'missed')) = (starts_at IS NOT NULL) AND (starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL) = (table_id IS NULL) AND (starts_at IS NULL) = (planned_by IS NULL)",
            name=op.f("ck_meetings_placed"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'accepted', 'declined', 'expired', 'cancelled', 'scheduled', 'took_place', 'missed')",
            name=op.f("ck_meetings_state"),
        ),
        sa.CheckConstraint("asked_by_id != asked_id", name=op.f("ck_meetings_two_people")),
        sa.CheckConstraint(
            "asked_priority IS NULL OR asked_priority BETWEEN 1 AND 3", name=op.f("ck_meetings_asked_priority")
        ),
        sa.CheckConstraint("asker_priority BETWEEN 1 AND 3", name=op.f("ck_meetings_asker_priority")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["participants.id"], name=op.f("fk_meetings_asked_by_id_participants"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["participants.id"], name=op.f("fk_meetings_asked_id_participants"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_meetings_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["table_id"], ["edition_tables.id"], name=op.f("fk_meetings_table_id_edition_tables")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_asked_by_id", ["asked_by_id"], unique=False)
        batch_op.create_index("ix_meetings_asked_id", ["asked_id"], unique=False)
        batch_op.create_index("ix_meetings_edition_id_created_at_id", ["edition_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_meetings_edition_id_state", ["edition_id", "state"], unique=False)
        batch_op.create_index(
            "ix_meetings_expires_at",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        )
        batch_op.create_index(
            "uq_meetings_edition_id_first_id_second_id",
            ["edition_id", "first_id", "second_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'accepted', 'scheduled')"),
            postgresql_where=sa.text("state IN ('requested', 'accepted', 'scheduled')"),
        )

    op.create_table(
        "meeting_outcomes",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("took_place", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("next_step", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_meeting_outcomes_rating")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_outcomes_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "participant_id", name=op.f("pk_meeting_outcomes")),
    )
    op.create_table(
        "meeting_people",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_people_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "slot", "participant_id", name=op.f("pk_meeting_people")),
    )
    with op.batch_alter_table("meeting_people", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_people_meeting_id", ["meeting_id"], unique=False)

    op.create_table(
        "meeting_places",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_places_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "slot", "table_id", name=op.f("pk_meeting_places")),
    )
    with op.batch_alter_table("meeting_places", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_places_meeting_id", ["meeting_id"], unique=False)

    op.create_table(
        "meeting_texts",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('request', 'note')", name=op.f("ck_meeting_texts_kind")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_texts_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "participant_id", "kind", name=op.f("pk_meeting_texts")),
    )
    with op.batch_alter_table("meeting_texts", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_texts_person_id", ["person_id"], unique=False)
