"""laboratory services, and partners in the region of organisations abroad.

Revision: 8a42c7d91e05, after f1e9eb4d709f
"""

import sqlalchemy as sa
from alembic import op

revision = "8a42c7d91e05"
down_revision = "f1e9eb4d709f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lab_services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("name_pl", sa.String(length=500), nullable=False),
        sa.Column("name_en", sa.String(length=500), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description_pl", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("terms_pl", sa.Text(), nullable=True),
        sa.Column("terms_en", sa.Text(), nullable=True),
        sa.Column("price", sa.String(length=500), nullable=True),
        sa.Column("partners_only", sa.Boolean(), nullable=False),
        sa.Column("shared_from", sa.Date(), nullable=True),
        sa.Column("shared_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "shared_from IS NULL OR shared_from <= shared_until", name=op.f("ck_lab_services_shared_in_order")
        ),
        sa.ForeignKeyConstraint(["lab_id"], ["labs.id"], name=op.f("fk_lab_services_lab_id_labs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_services")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_lab_services_source_source_key")),
    )
    op.create_index(op.f("ix_lab_services_lab_id"), "lab_services", ["lab_id"], unique=False)
    op.create_index("ix_lab_services_sort_name_id", "lab_services", ["sort_name", "id"], unique=False)
    op.create_table(
        "lab_service_fields",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["lab_services.id"],
            name=op.f("fk_lab_service_fields_service_id_lab_services"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "field", name=op.f("pk_lab_service_fields")),
    )
    op.create_index("ix_lab_service_fields_field", "lab_service_fields", ["field", "service_id"], unique=False)
    op.create_table(
        "foreign_hq_partners",
        sa.Column("hq_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_foreign_hq_partners_entity_id_entities")),
        sa.ForeignKeyConstraint(
            ["hq_id"], ["foreign_hqs.id"], name=op.f("fk_foreign_hq_partners_hq_id_foreign_hqs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hq_id", "entity_id", name=op.f("pk_foreign_hq_partners")),
    )
    op.create_index("ix_foreign_hq_partners_entity_id", "foreign_hq_partners", ["entity_id"], unique=False)
    op.add_column("foreign_hqs", sa.Column("note", sa.String(length=500), nullable=True))
