"""surveys.

Revision: 3e9b70c4f186, after 99f521b061d4
"""

import sqlalchemy as sa
from alembic import op

revision = "3e9b70c4f186"
down_revision = "99f521b061d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
    op.create_table(
        "survey_questions",
        sa.Column("code", code, nullable=False),
        sa.Column("name_pl", sa.String(length=500), nullable=False),
        sa.Column("name_en", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_survey_questions")),
    )
    op.create_index("ix_survey_questions_position_code", "survey_questions", ["position", "code"], unique=False)
    op.create_table(
        "surveys",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("note_pl", sa.Text(), nullable=True),
        sa.Column("note_en", sa.Text(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_surveys_state")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_surveys")),
    )
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("evidence_url", sa.String(length=500), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'verified')", name=op.f("ck_survey_answers_state")),
        sa.CheckConstraint(
            "state <> 'verified' OR evidence IS NOT NULL OR evidence_url IS NOT NULL",
            name=op.f("ck_survey_answers_verified_has_evidence"),
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_survey_answers_entity_id_entities")),
        sa.ForeignKeyConstraint(["year"], ["surveys.year"], name=op.f("fk_survey_answers_year_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("year", "entity_id", name=op.f("uq_survey_answers_year_entity_id")),
    )
    op.create_index(op.f("ix_survey_answers_entity_id"), "survey_answers", ["entity_id"], unique=False)
    op.create_index("ix_survey_answers_state_year", "survey_answers", ["state", "year"], unique=False)
    op.create_table(
        "survey_values",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("question", code, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["survey_answers.id"],
            name=op.f("fk_survey_values_answer_id_survey_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question"], ["survey_questions.code"], name=op.f("fk_survey_values_question_survey_questions")
        ),
        sa.PrimaryKeyConstraint("answer_id", "question", name=op.f("pk_survey_values")),
    )
    op.create_index("ix_survey_values_question", "survey_values", ["question", "answer_id"], unique=False)
