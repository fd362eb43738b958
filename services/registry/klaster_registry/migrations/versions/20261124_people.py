"""people.

Revision: c4f2a85d6e13, after 3e9b70c4f186
"""

import sqlalchemy as sa
from alembic import op

revision = "c4f2a85d6e13"
down_revision = "3e9b70c4f186"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "person_details",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("bio_pl", sa.Text(), nullable=True),
        sa.Column("bio_en", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_details_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_details")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_person_details_source_source_key")),
    )
    op.create_index("ix_person_details_sort_name", "person_details", ["sort_name", "person_id"], unique=False)
    op.create_table(
        "person_roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(length=60), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("function_pl", sa.String(length=500), nullable=True),
        sa.Column("function_en", sa.String(length=500), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("(entity_id IS NULL) <> (body IS NULL)", name=op.f("ck_person_roles_somewhere")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_person_roles_in_order")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_person_roles_entity_id_entities")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_roles")),
    )
    op.create_index("ix_person_roles_person_id", "person_roles", ["person_id"], unique=False)
    for place in ("entity_id", "body"):
        op.create_index(f"ix_person_roles_{place}", "person_roles", [place, "valid_from", "valid_until"], unique=False)
    op.create_table(
        "person_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= given_on", name=op.f("ck_person_consents_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_consents_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_consents")),
    )
    op.create_index(
        "ix_person_consents_person_id_purpose",
        "person_consents",
        ["person_id", "purpose", "given_on", "withdrawn_on"],
        unique=False,
    )
