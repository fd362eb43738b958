"""sectors branches linked relations merges.

Revision: 53313a02ba33, after f28a2a4cf9b1
"""

import sqlalchemy as sa
from alembic import op

revision = "53313a02ba33"
down_revision = "f28a2a4cf9b1"
branch_labels = None
depends_on = None


NEW_STATES = "registration IN ('none', 'applied', 'registered', 'rejected', 'left', 'merged')"
FAR = "9999-12-31"


def upgrade() -> None:
    op.create_table(
        "entity_branches",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("street", sa.String(length=500), nullable=True),
        sa.Column("postal_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=500), nullable=True),
        sa.Column("subdivision", sa.String(length=6), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("geonames_id", sa.Integer(), nullable=True),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_entity_branches_in_order")),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_branches_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "position", name=op.f("pk_entity_branches")),
    )
    op.create_index(
        "ix_entity_branches_country", "entity_branches", ["country", "valid_from", "valid_until", "entity_id"]
    )
    op.create_table(
        "entity_sectors",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_sectors_entity_id_entities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "sector", name=op.f("pk_entity_sectors")),
    )
    op.create_index("ix_entity_sectors_sector", "entity_sectors", ["sector", "entity_id"])
    with op.batch_alter_table("entities") as table:
        table.add_column(sa.Column("merged_into", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("listed_until", sa.Date(), nullable=False, server_default=FAR))
        table.create_index(table.f("ix_entities_merged_into"), ["merged_into"])
        table.create_foreign_key(table.f("fk_entities_merged_into_entities"), "entities", ["merged_into"], ["id"])
        table.drop_constraint(table.f("ck_entities_registration"), type_="check")
        table.create_check_constraint(table.f("ck_entities_registration"), NEW_STATES)
        table.create_check_constraint(
            table.f("ck_entities_merged_names_survivor"), "(registration = 'merged') = (merged_into IS NOT NULL)"
        )
    with op.batch_alter_table("entities") as table:
        table.alter_column("listed_until", server_default=None)
    with op.batch_alter_table("entity_relations") as table:
        table.add_column(sa.Column("target_id", sa.Uuid(), nullable=True))
        table.create_index("ix_entity_relations_scheme_value", ["scheme", "value", "kind"])
        table.create_index(table.f("ix_entity_relations_target_id"), ["target_id"])
        table.create_foreign_key(
            table.f("fk_entity_relations_target_id_entities"), "entities", ["target_id"], ["id"], ondelete="SET NULL"
        )
