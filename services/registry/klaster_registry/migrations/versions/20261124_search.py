"""search: entries of every record, with the text index that the engine has, filled from what is there.

SQLite keeps its index by triggers: whoever rebuilds `search_texts` later (a batch migration) makes them again.

Revision: f28a2a4cf9b1, after 27ec8764414d
"""

import sqlalchemy as sa
from alembic import op

from klaster_registry.migrations.search_backfill import fill

revision = "f28a2a4cf9b1"
down_revision = "27ec8764414d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("collection", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.String(length=200), nullable=False),
        sa.Column("record_uuid", sa.Uuid(), nullable=True),
        sa.Column("title_pl", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column(
            "sort_title",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("registration", sa.String(length=20), nullable=True),
        sa.Column("interest_group", sa.String(length=60), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("subdivision", sa.String(length=6), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("collection", "record_id", name=op.f("uq_search_entries_collection_record_id")),
    )
    with op.batch_alter_table("search_entries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_search_entries_collection_sort_title_id", ["collection", "sort_title", "id"], unique=False
        )
        batch_op.create_index("ix_search_entries_country_subdivision", ["country", "subdivision"], unique=False)
        batch_op.create_index("ix_search_entries_interest_group", ["interest_group"], unique=False)
        batch_op.create_index("ix_search_entries_record_uuid", ["record_uuid"], unique=False)
        batch_op.create_index("ix_search_entries_registration", ["registration"], unique=False)
        batch_op.create_index("ix_search_entries_sort_title_id", ["sort_title", "id"], unique=False)
        batch_op.create_index("ix_search_entries_subdivision", ["subdivision"], unique=False)

    op.create_table(
        "search_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "word", sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
    )
    with op.batch_alter_table("search_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_words_word"), ["word"], unique=False)

    op.create_table(
        "search_texts",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["search_entries.id"],
            name=op.f("fk_search_texts_entry_id_search_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_texts")),
    )
    op.create_table(
        "search_entry_fields",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["search_entries.id"],
            name=op.f("fk_search_entry_fields_entry_id_search_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "field", name=op.f("pk_search_entry_fields")),
    )
    with op.batch_alter_table("search_entry_fields", schema=None) as batch_op:
        batch_op.create_index("ix_search_entry_fields_field", ["field", "entry_id"], unique=False)

    op.create_table(
        "search_names",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "folded",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "previous",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["search_entries.id"],
            name=op.f("fk_search_names_entry_id_search_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "folded", name=op.f("pk_search_names")),
    )
    with op.batch_alter_table("search_names", schema=None) as batch_op:
        batch_op.create_index(
            "ix_search_names_folded_entry_id_previous", ["folded", "entry_id", "previous"], unique=False
        )

    if op.get_bind().dialect.name == "postgresql":
        _make_trigram_index()
    else:
        _make_fts_index()
    fill(op.get_bind())


def _make_trigram_index() -> None:
    # A trusted extension since PostgreSQL 13: whoever owns the database may make it. Where it stands already, made by
    # an administrator of an older or stricter server, nothing is asked for.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX search_fts_text ON search_texts USING gin (text gin_trgm_ops)")
    # Whether a part of a word is rare or frequent decides how it is best looked for: the planner tells by this sample.
    op.execute("ALTER TABLE search_texts ALTER COLUMN text SET STATISTICS 400")


def _make_fts_index() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5"
        "(text, content='search_texts', content_rowid='entry_id', tokenize='trigram')"
    )
    forget = "INSERT INTO search_fts (search_fts, rowid, text) VALUES ('delete', old.entry_id, old.text);"
    learn = "INSERT INTO search_fts (rowid, text) VALUES (new.entry_id, new.text);"
    op.execute(f"CREATE TRIGGER search_fts_insert AFTER INSERT ON search_texts BEGIN {learn} END")
    op.execute(f"CREATE TRIGGER search_fts_delete AFTER DELETE ON search_texts BEGIN {forget} END")
    op.execute(
        "CREATE TRIGGER search_fts_update AFTER UPDATE OF text ON search_texts "
        f"WHEN old.text IS NOT new.text BEGIN {forget} {learn} END"
    )
