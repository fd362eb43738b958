"""what is shown, booked and proposed.

Revision: b6f8d46a2a49, after 79fbdb68b855
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "b6f8d46a2a49"
down_revision = "79fbdb68b855"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'refused')", name=op.f("ck_outgoing_proposals_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_proposals")),
    )
    with op.batch_alter_table("outgoing_proposals", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_proposals_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_outgoing_proposals_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "resources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("description_pl", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("terms_pl", sa.Text(), nullable=True),
        sa.Column("terms_en", sa.Text(), nullable=True),
        sa.Column("price", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("field_codes", sa.Text(), nullable=False),
        sa.Column("partners_only", sa.Boolean(), nullable=False),
        sa.Column("shared_from", sa.Date(), nullable=True),
        sa.Column("shared_to", sa.Date(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('lab', 'service')", name=op.f("ck_resources_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
    )
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.create_index("ix_resources_lab_id", ["lab_id"], unique=False)
        batch_op.create_index("ix_resources_owner_id", ["owner_id"], unique=False)
        batch_op.create_index("ix_resources_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "showcase_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("text_pl", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("shown_from", sa.Date(), nullable=False),
        sa.Column("shown_until", sa.Date(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("source_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name=op.f("ck_showcase_items_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showcase_items")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_showcase_items_source_source_key")),
    )
    with op.batch_alter_table("showcase_items", schema=None) as batch_op:
        batch_op.create_index("ix_showcase_items_entity_id", ["entity_id"], unique=False)
        batch_op.create_index("ix_showcase_items_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_showcase_items_shown_from_id", ["shown_from", "id"], unique=False)

    op.create_table(
        "blackouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_blackouts_in_order")),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_blackouts_resource_id_resources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
    )
    with op.batch_alter_table("blackouts", schema=None) as batch_op:
        batch_op.create_index("ix_blackouts_resource_id_starts_at_id", ["resource_id", "starts_at", "id"], unique=False)

    op.create_table(
        "booking_rules",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("most_slots", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("approval", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("approval IN ('owner', 'automatic')", name=op.f("ck_booking_rules_approval")),
        sa.CheckConstraint("most_slots > 0", name=op.f("ck_booking_rules_most_slots")),
        sa.CheckConstraint("slot_minutes > 0 AND slot_minutes % 15 = 0", name=op.f("ck_booking_rules_slot_minutes")),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_booking_rules_resource_id_resources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_booking_rules")),
    )
    op.create_table(
        "booking_terms",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_pl", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_booking_terms_resource_id_resources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "version", name=op.f("pk_booking_terms")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("ended_by", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'declined', 'cancelled', 'used')", name=op.f("ck_bookings_state")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_bookings_in_order")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_bookings_resource_id_resources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("ix_bookings_entity_id", ["entity_id"], unique=False)
        batch_op.create_index("ix_bookings_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_bookings_resource_id_starts_at", ["resource_id", "starts_at"], unique=False)
        batch_op.create_index("ix_bookings_starts_at_id", ["starts_at", "id"], unique=False)
        batch_op.create_index("ix_bookings_state_ends_at", ["state", "ends_at"], unique=False)

    op.create_table(
        "showcase_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["showcase_items.id"],
            name=op.f("fk_showcase_contacts_item_id_showcase_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showcase_contacts")),
        sa.UniqueConstraint("item_id", "entity_id", name=op.f("uq_showcase_contacts_item_id_entity_id")),
    )
    with op.batch_alter_table("showcase_contacts", schema=None) as batch_op:
        batch_op.create_index("ix_showcase_contacts_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_showcase_contacts_person_id", ["person_id"], unique=False)

    op.create_table(
        "showcase_views",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["showcase_items.id"],
            name=op.f("fk_showcase_views_item_id_showcase_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "day", name=op.f("pk_showcase_views")),
    )
    op.create_table(
        "booking_slots",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_slots_booking_id_bookings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_booking_slots_resource_id_resources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "starts_at", name=op.f("pk_booking_slots")),
    )
    with op.batch_alter_table("booking_slots", schema=None) as batch_op:
        batch_op.create_index("ix_booking_slots_booking_id", ["booking_id"], unique=False)

    op.create_table(
        "readiness",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("foreign_hq_id", sa.Uuid(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("ready_from", sa.Date(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["board_posts.id"], name=op.f("fk_readiness_post_id_board_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness")),
        sa.UniqueConstraint("post_id", name=op.f("uq_readiness_post_id")),
    )

    # The registry's feed is read from its beginning once more: it told of laboratories before they were kept here.
    op.execute("DELETE FROM feed_cursors WHERE feed = 'registry'")
