"""Tables of the search: derived from the records, never a source of anything.

What only one engine has stands in the migration alone, named `search_fts...`: the trigram index of PostgreSQL, the FTS5
table and its triggers of SQLite.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine
from sqlmodel import Field

from klaster_registry.database import Base, json_list, sort_text
from klaster_registry.search.folding import NAME_LENGTH, SORT_LENGTH, WORD_LENGTH


def _row_number() -> TypeEngine[int]:
    # SQLite's text index knows rows by their number, which only INTEGER PRIMARY KEY keeps.
    return BigInteger().with_variant(Integer(), "sqlite")


class SearchEntry(Base, table=True):
    """One record of any collection, as it can be found."""

    __tablename__ = "search_entries"
    __table_args__ = (
        UniqueConstraint("collection", "record_id"),
        Index("ix_search_entries_sort_title_id", "sort_title", "id"),
        Index("ix_search_entries_collection_sort_title_id", "collection", "sort_title", "id"),
        Index("ix_search_entries_record_uuid", "record_uuid"),
        Index("ix_search_entries_registration", "registration"),
        Index("ix_search_entries_interest_group", "interest_group"),
        Index("ix_search_entries_country_subdivision", "country", "subdivision"),
        Index("ix_search_entries_subdivision", "subdivision"),
    )

    id: int = Field(primary_key=True, sa_type=_row_number())
    collection: str = Field(max_length=60)
    record_id: str = Field(max_length=200)
    record_uuid: UUID | None = Field(default=None, description="record_id, where it is one: lists compare their ids")
    title_pl: str = Field(max_length=500)
    title_en: str = Field(max_length=500)
    sort_title: str = Field(sa_type=sort_text(SORT_LENGTH))
    registration: str | None = Field(default=None, max_length=20)
    interest_group: str | None = Field(default=None, max_length=60)
    country: str | None = Field(default=None, max_length=2)
    subdivision: str | None = Field(default=None, max_length=6)
    fields: list[str] = Field(sa_type=json_list())
    demonstration: bool
    audience: str = Field(max_length=20)


class SearchText(Base, table=True):
    """All texts of an entry as one; in a narrow table, for a search reads thousands of them to show twenty."""

    __tablename__ = "search_texts"

    entry_id: int = Field(primary_key=True, foreign_key="search_entries.id", ondelete="CASCADE", sa_type=_row_number())
    text: str = Field(sa_type=Text)
    audience: str = Field(max_length=20)


class SearchEntryField(Base, table=True):
    """A field of an entry, to filter and count by."""

    __tablename__ = "search_entry_fields"
    __table_args__ = (Index("ix_search_entry_fields_field", "field", "entry_id"),)

    entry_id: int = Field(primary_key=True, foreign_key="search_entries.id", ondelete="CASCADE", sa_type=_row_number())
    field: str = Field(primary_key=True, max_length=60)


class SearchName(Base, table=True):
    """A name of an entry, folded: its beginning is one range of the index, which also tells whether an earlier name
    of the same entry begins so."""

    __tablename__ = "search_names"
    __table_args__ = (Index("ix_search_names_folded_entry_id_previous", "folded", "entry_id", "previous"),)

    entry_id: int = Field(primary_key=True, foreign_key="search_entries.id", ondelete="CASCADE", sa_type=_row_number())
    folded: str = Field(primary_key=True, sa_type=sort_text(NAME_LENGTH))
    previous: str = Field(
        sa_type=sort_text(NAME_LENGTH), description="The entry's name before this one in their order; empty: none"
    )


class SearchWord(Base, table=True):
    """A word that occurs, or once occurred, in an entry: what a misspelt word is corrected to.

    Not unique on purpose: two transactions that add one word at the same time would wait for each other, and two that
    add several would wait in a circle. A word that stands here twice is read once.
    """

    __tablename__ = "search_words"

    id: int = Field(primary_key=True, sa_type=_row_number())
    word: str = Field(sa_type=sort_text(WORD_LENGTH), index=True)
