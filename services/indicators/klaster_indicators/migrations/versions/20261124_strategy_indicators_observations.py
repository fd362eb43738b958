"""strategy indicators observations."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "22c98241e95a"
down_revision: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("collection", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.String(length=200), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.String(length=200), nullable=True),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_changes_collection_record_id_position", ["collection", "record_id", "position"], unique=False
        )

    op.create_table(
        "editions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("adopted", sa.Date(), nullable=True),
        sa.Column("baseline_year_programme", sa.Integer(), nullable=False),
        sa.Column("baseline_year_effect", sa.Integer(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("code", name=op.f("uq_editions_code")),
    )
    op.create_table(
        "figure_definitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("figure", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("definition_pl", sa.Text(), nullable=False),
        sa.Column("definition_en", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_definitions")),
        sa.UniqueConstraint("figure", "fingerprint", name=op.f("uq_figure_definitions_figure_fingerprint")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("stored_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_keys_stored_at", ["stored_at"], unique=False)

    op.create_table(
        "indicators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("code", name=op.f("uq_indicators_code")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_state_due", ["state", "due"], unique=False)
        batch_op.create_index(
            "uq_jobs_key_live",
            ["key"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "live_figures",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("last_attempt_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_success_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_live_figures")),
    )
    op.create_table(
        "effects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("printed_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_effects_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_effects_edition_id_code")),
    )
    op.create_table(
        "indicator_definitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("programme", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("printed_baseline", sa.Text(), nullable=True),
        sa.Column("printed_target", sa.Text(), nullable=True),
        sa.Column("printed_note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("links", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("context", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["editions.id"],
            name=op.f("fk_indicator_definitions_edition_id_editions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_indicator_definitions_indicator_id_indicators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_definitions")),
        sa.UniqueConstraint(
            "edition_id", "indicator_id", name=op.f("uq_indicator_definitions_edition_id_indicator_id")
        ),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_indicator_definitions_edition_id_position")),
    )
    with op.batch_alter_table("indicator_definitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_definitions_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "levels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("controlled", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("about_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("about_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_levels_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_levels")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_levels_edition_id_code")),
    )
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicators.id"], name=op.f("fk_measures_indicator_id_indicators")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
        sa.UniqueConstraint("indicator_id", "code", name=op.f("uq_measures_indicator_id_code")),
    )
    op.create_table(
        "paths",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("vision_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("vision_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("vision_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_paths_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paths")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_paths_edition_id_code")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_paths_edition_id_number")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_programmes_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_programmes_edition_id_code")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("path_is_reading", sa.Boolean(), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_tasks_edition_id_editions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_tasks_edition_id_code")),
    )
    op.create_table(
        "indicator_effects",
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("effect", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["indicator_definitions.id"],
            name=op.f("fk_indicator_effects_definition_id_indicator_definitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("definition_id", "effect", name=op.f("pk_indicator_effects")),
    )
    op.create_table(
        "measure_definitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("direction", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("live", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("sig", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("assessed", sa.Boolean(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "direction IN ('increase', 'decrease', 'maintain')", name=op.f("ck_measure_definitions_direction")
        ),
        sa.CheckConstraint(
            "period IN ('point', 'year', 'window_3y', 'cumulative')", name=op.f("ck_measure_definitions_period")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["indicator_definitions.id"],
            name=op.f("fk_measure_definitions_definition_id_indicator_definitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_measure_definitions_measure_id_measures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_definitions")),
        sa.UniqueConstraint(
            "definition_id", "measure_id", name=op.f("uq_measure_definitions_definition_id_measure_id")
        ),
    )
    with op.batch_alter_table("measure_definitions", schema=None) as batch_op:
        batch_op.create_index("ix_measure_definitions_measure_id", ["measure_id"], unique=False)

    op.create_table(
        "observations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("figure", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("figure_definition_id", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Text(), nullable=True),
        sa.Column("demonstration", sa.Integer(), nullable=False),
        sa.Column("pulled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("superseded_reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('live', 'manual')", name=op.f("ck_observations_origin")),
        sa.CheckConstraint(
            "period IN ('point', 'year', 'window_3y', 'cumulative')", name=op.f("ck_observations_period")
        ),
        sa.CheckConstraint("state IN ('draft', 'verified', 'superseded')", name=op.f("ck_observations_state")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_observations_in_order")),
        sa.CheckConstraint("value IS NOT NULL OR status IS NOT NULL", name=op.f("ck_observations_says_something")),
        sa.ForeignKeyConstraint(
            ["figure_definition_id"],
            ["figure_definitions.id"],
            name=op.f("fk_observations_figure_definition_id_figure_definitions"),
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_observations_measure_id_measures")),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["observations.id"], name=op.f("fk_observations_supersedes_observations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
    )
    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.create_index("ix_observations_measure_id_ends_on_id", ["measure_id", "ends_on", "id"], unique=False)
        batch_op.create_index(
            "ix_observations_measure_id_period_ends_on_id", ["measure_id", "period", "ends_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_observations_running",
            ["ends_on"],
            unique=False,
            sqlite_where=sa.text("state = 'verified' AND NOT complete"),
            postgresql_where=sa.text("state = 'verified' AND NOT complete"),
        )
        batch_op.create_index(batch_op.f("ix_observations_supersedes"), ["supersedes"], unique=False)
        batch_op.create_index(
            "uq_observations_verified",
            ["measure_id", "period", "starts_on", "ends_on"],
            unique=True,
            sqlite_where=sa.text("state = 'verified'"),
            postgresql_where=sa.text("state = 'verified'"),
        )

    op.create_table(
        "baselines",
        sa.Column("measure_definition_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=True),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("of_day", sa.Date(), nullable=False),
        sa.Column("by", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("by_year", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("value IS NOT NULL OR status IS NOT NULL", name=op.f("ck_baselines_says_something")),
        sa.ForeignKeyConstraint(
            ["measure_definition_id"],
            ["measure_definitions.id"],
            name=op.f("fk_baselines_measure_definition_id_measure_definitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("measure_definition_id", name=op.f("pk_baselines")),
    )
    op.create_table(
        "targets",
        sa.Column("measure_definition_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("of_day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("change_percent", sa.String(length=60), nullable=True),
        sa.Column("growth_percent_per_year", sa.String(length=60), nullable=True),
        sa.Column("sum_of", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("resolves_to", sa.String(length=60), nullable=True),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_definition_id"],
            ["measure_definitions.id"],
            name=op.f("fk_targets_measure_definition_id_measure_definitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("measure_definition_id", "year", name=op.f("pk_targets")),
    )
