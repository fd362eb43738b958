"""first tables.

Revision: cc7f7ef122f7,first of all
"""

import sqlalchemy as sa
from alembic import op

revision = "cc7f7ef122f7"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
        "entities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rbw_number", sa.Integer(), nullable=True),
        sa.Column("number_order", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("existence", sa.String(length=20), nullable=False),
        sa.Column("registration", sa.String(length=20), nullable=False),
        sa.Column("interest_group", sa.String(length=60), nullable=True),
        sa.Column("legal_form", sa.String(length=200), nullable=True),
        sa.Column("startup", sa.Boolean(), nullable=False),
        sa.Column("startup_listed_year", sa.Integer(), nullable=True),
        sa.Column("founded_on", sa.String(length=10), nullable=True),
        sa.Column("founded_first", sa.Date(), nullable=False),
        sa.Column("founded_last", sa.Date(), nullable=False),
        sa.Column("started_first", sa.Date(), nullable=False),
        sa.Column("started_last", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.String(length=10), nullable=True),
        sa.Column("street", sa.String(length=500), nullable=True),
        sa.Column("postal_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=500), nullable=True),
        sa.Column("city_folded", sa.String(length=500), nullable=True),
        sa.Column("subdivision", sa.String(length=6), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("geonames_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("existence IN ('active', 'inactive', 'withdrawn')", name=op.f("ck_entities_existence")),
        sa.CheckConstraint(
            "registration <> 'registered' OR rbw_number IS NOT NULL", name=op.f("ck_entities_registered_has_number")
        ),
        sa.CheckConstraint(
            "registration IN ('none', 'applied', 'registered', 'rejected', 'left')",
            name=op.f("ck_entities_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
        sa.UniqueConstraint("rbw_number", name=op.f("uq_entities_rbw_number")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_entities_source_source_key")),
    )
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.create_index("ix_entities_city_folded", ["city_folded"], unique=False)
        batch_op.create_index("ix_entities_country_subdivision", ["country", "subdivision"], unique=False)
        batch_op.create_index("ix_entities_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_entities_demonstration", ["demonstration"], unique=False)
        batch_op.create_index("ix_entities_existence", ["existence"], unique=False)
        batch_op.create_index("ix_entities_founded_first_id", ["founded_first", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entities_has_conflict"), ["has_conflict"], unique=False)
        batch_op.create_index("ix_entities_interest_group", ["interest_group"], unique=False)
        batch_op.create_index("ix_entities_number_order_id", ["number_order", "id"], unique=False)
        batch_op.create_index(
            "ix_entities_registration_sort_name_id", ["registration", "sort_name", "id"], unique=False
        )
        batch_op.create_index("ix_entities_sort_name_id", ["sort_name", "id"], unique=False)
        batch_op.create_index("ix_entities_started_first", ["started_first", "started_last"], unique=False)
        batch_op.create_index("ix_entities_startup", ["startup"], unique=False)
        batch_op.create_index("ix_entities_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_keys_stored_at", ["stored_at"], unique=False)

    op.create_table(
        "rbw_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rbw_counter_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbw_counter")),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("taxonomy", sa.String(length=40), nullable=False),
        sa.Column(
            "code", sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("name_pl", sa.String(length=500), nullable=False),
        sa.Column("name_en", sa.String(length=500), nullable=False),
        sa.Column("parent", sa.String(length=60), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("taxonomy", "code", name=op.f("uq_terms_taxonomy_code")),
    )
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.create_index("ix_terms_taxonomy_position_code", ["taxonomy", "position", "code"], unique=False)

    op.create_table(
        "data_repositories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("available_until", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("available_from <= available_until", name=op.f("ck_data_repositories_in_order")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["entities.id"], name=op.f("fk_data_repositories_operator_id_entities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_repositories")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_data_repositories_source_source_key")),
    )
    with op.batch_alter_table("data_repositories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_repositories_operator_id"), ["operator_id"], unique=False)
        batch_op.create_index("ix_data_repositories_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "entity_fields",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_fields_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "field", name=op.f("pk_entity_fields")),
    )
    with op.batch_alter_table("entity_fields", schema=None) as batch_op:
        batch_op.create_index("ix_entity_fields_field", ["field", "entity_id"], unique=False)

    op.create_table(
        "entity_identifiers",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_identifiers_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "scheme", "value", name=op.f("pk_entity_identifiers")),
    )
    with op.batch_alter_table("entity_identifiers", schema=None) as batch_op:
        batch_op.create_index("ix_entity_identifiers_scheme_value", ["scheme", "value"], unique=False)

    op.create_table(
        "entity_links",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_links_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "position", name=op.f("pk_entity_links")),
    )
    op.create_table(
        "entity_names",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column(
            "folded",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("lang", sa.String(length=3), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_names_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "position", name=op.f("pk_entity_names")),
    )
    with op.batch_alter_table("entity_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entity_names_folded"), ["folded"], unique=False)

    op.create_table(
        "entity_relations",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=True),
        sa.Column("value", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_relations_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "position", name=op.f("pk_entity_relations")),
    )
    op.create_table(
        "entity_validities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("aspect", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_entity_validities_in_order")),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_validities_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_validities")),
    )
    with op.batch_alter_table("entity_validities", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entity_validities_aspect_value_valid_from",
            ["aspect", "value", "valid_from", "valid_until", "entity_id"],
            unique=False,
        )
        batch_op.create_index("ix_entity_validities_entity_id_aspect", ["entity_id", "aspect"], unique=False)

    op.create_table(
        "foreign_hqs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=500), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("local_entity_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('company', 'cluster', 'university', 'other')", name=op.f("ck_foreign_hqs_kind")),
        sa.ForeignKeyConstraint(
            ["local_entity_id"], ["entities.id"], name=op.f("fk_foreign_hqs_local_entity_id_entities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_hqs")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_foreign_hqs_source_source_key")),
    )
    with op.batch_alter_table("foreign_hqs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foreign_hqs_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_foreign_hqs_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_foreign_hqs_local_entity_id"), ["local_entity_id"], unique=False)
        batch_op.create_index("ix_foreign_hqs_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "labs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_pl", sa.String(length=500), nullable=False),
        sa.Column("name_en", sa.String(length=500), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("shared_from", sa.Date(), nullable=True),
        sa.Column("shared_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("shared_from IS NULL OR shared_from <= shared_until", name=op.f("ck_labs_shared_in_order")),
        sa.ForeignKeyConstraint(["owner_id"], ["entities.id"], name=op.f("fk_labs_owner_id_entities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labs")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_labs_source_source_key")),
    )
    with op.batch_alter_table("labs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_labs_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_labs_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_labs_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "data_repository_fields",
        sa.Column("repository_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["data_repositories.id"],
            name=op.f("fk_data_repository_fields_repository_id_data_repositories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("repository_id", "field", name=op.f("pk_data_repository_fields")),
    )
    with op.batch_alter_table("data_repository_fields", schema=None) as batch_op:
        batch_op.create_index("ix_data_repository_fields_field", ["field", "repository_id"], unique=False)

    op.create_table(
        "foreign_hq_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hq_id", sa.Uuid(), nullable=False),
        sa.Column("aspect", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_foreign_hq_periods_in_order")),
        sa.ForeignKeyConstraint(
            ["hq_id"], ["foreign_hqs.id"], name=op.f("fk_foreign_hq_periods_hq_id_foreign_hqs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_hq_periods")),
    )
    with op.batch_alter_table("foreign_hq_periods", schema=None) as batch_op:
        batch_op.create_index(
            "ix_foreign_hq_periods_aspect_value_valid_from",
            ["aspect", "value", "valid_from", "valid_until", "hq_id"],
            unique=False,
        )
        batch_op.create_index("ix_foreign_hq_periods_hq_id_aspect", ["hq_id", "aspect"], unique=False)

    op.create_table(
        "lab_areas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("area_m2", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_lab_areas_positive")),
        sa.ForeignKeyConstraint(["lab_id"], ["labs.id"], name=op.f("fk_lab_areas_lab_id_labs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_areas")),
    )
    with op.batch_alter_table("lab_areas", schema=None) as batch_op:
        batch_op.create_index("ix_lab_areas_lab_id_valid_from", ["lab_id", "valid_from"], unique=False)
