"""projects and documents.

Revision: f1e9eb4d709f, after 5d1c0f6a7b21
"""

import sqlalchemy as sa
from alembic import op

revision = "f1e9eb4d709f"
down_revision = "5d1c0f6a7b21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title_pl", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("sort_title", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("acronym", sa.String(length=500), nullable=True),
        sa.Column("group_code", sa.String(length=60), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("runs_from", sa.Date(), nullable=False),
        sa.Column("runs_until", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("amount_pln", sa.BigInteger(), nullable=True),
        sa.Column("pln_rate_source", sa.String(length=500), nullable=True),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("origin_kind", sa.String(length=60), nullable=True),
        sa.Column("origin_url", sa.String(length=500), nullable=True),
        sa.Column("origin_note", sa.String(length=500), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_projects_amount_has_currency")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_projects_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_projects_source_source_key")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index("ix_projects_group_code", ["group_code"], unique=False)
        batch_op.create_index("ix_projects_runs_from_runs_until", ["runs_from", "runs_until"], unique=False)
        batch_op.create_index("ix_projects_sort_title_id", ["sort_title", "id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title_pl", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("sort_title", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("force_from", sa.Date(), nullable=True),
        sa.Column("force_until", sa.Date(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("group_code", sa.String(length=60), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(force_from IS NULL) = (force_until IS NULL)", name=op.f("ck_documents_both_ends")),
        sa.CheckConstraint("force_from < force_until", name=op.f("ck_documents_in_order")),
        sa.ForeignKeyConstraint(["author_id"], ["entities.id"], name=op.f("fk_documents_author_id_entities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_documents_source_source_key")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index("ix_documents_author_id", ["author_id"], unique=False)
        batch_op.create_index("ix_documents_group_code", ["group_code"], unique=False)
        batch_op.create_index("ix_documents_kind_year", ["kind", "year"], unique=False)
        batch_op.create_index("ix_documents_sort_title_id", ["sort_title", "id"], unique=False)
        batch_op.create_index("ix_documents_year", ["year"], unique=False)

    op.create_table(
        "project_fields",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_fields_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "field", name=op.f("pk_project_fields")),
    )
    with op.batch_alter_table("project_fields", schema=None) as batch_op:
        batch_op.create_index("ix_project_fields_field", ["field", "project_id"], unique=False)

    op.create_table(
        "project_kinds",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_kinds_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "kind", name=op.f("pk_project_kinds")),
    )
    with op.batch_alter_table("project_kinds", schema=None) as batch_op:
        batch_op.create_index("ix_project_kinds_kind", ["kind", "project_id"], unique=False)

    op.create_table(
        "document_fields",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_fields_document_id_documents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "field", name=op.f("pk_document_fields")),
    )
    with op.batch_alter_table("document_fields", schema=None) as batch_op:
        batch_op.create_index("ix_document_fields_field", ["field", "document_id"], unique=False)

    op.create_table(
        "project_partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("hq_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("doubt", sa.String(length=40), nullable=True),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_project_partners_in_order")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_project_partners_entity_id_entities")),
        sa.ForeignKeyConstraint(["hq_id"], ["foreign_hqs.id"], name=op.f("fk_project_partners_hq_id_foreign_hqs")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_partners_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_partners")),
    )
    with op.batch_alter_table("project_partners", schema=None) as batch_op:
        batch_op.create_index("ix_project_partners_entity_id", ["entity_id"], unique=False)
        batch_op.create_index("ix_project_partners_hq_id", ["hq_id"], unique=False)
        batch_op.create_index("ix_project_partners_project_id_position", ["project_id", "position"], unique=False)
