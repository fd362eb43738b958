"""Rules of the search: what stands in it, and how it is asked."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.search import repository
from klaster_registry.search.entries import Entry
from klaster_registry.search.folding import dictionary_words
from klaster_registry.search.writing import entry_row, latest_of, name_keys

_AT_ONCE = 500  # entries of one statement: fourteen values each


async def put(session: AsyncSession, entry: Entry) -> None:
    """Make a record findable, or what is found of it current: call it wherever the record is written."""
    await put_many(session, [entry])


async def put_many(session: AsyncSession, entries: Iterable[Entry]) -> None:
    """As `put`, for many at a time: a handful of statements for each five hundred."""
    latest = latest_of(entries)
    for at in range(0, len(latest), _AT_ONCE):
        await _put(session, latest[at : at + _AT_ONCE])


async def _put(session: AsyncSession, entries: Sequence[Entry]) -> None:
    rows = [entry_row(entry) for entry in entries]
    numbers = await repository.upsert_entries(session, rows)
    by_number = [(numbers[entry.collection, entry.record_id], entry) for entry in entries]
    names = [{"entry_id": number, "folded": key} for number, entry in by_number for key in sorted(name_keys(entry))]
    fields = [{"entry_id": number, "field": code} for number, entry in by_number for code in sorted(set(entry.fields))]
    await repository.replace_parts(session, names=names, fields=fields, ids=list(numbers.values()))
    await repository.add_words(session, set().union(*(dictionary_words(row["text"]) for row in rows)))


async def drop(session: AsyncSession, collection: str, record_id: UUID | str) -> None:
    """Make a record that is deleted unfindable. Its words stay in the dictionary: a correction that leads nowhere
    finds nothing, while to know that a word is used no more would take a scan of all entries."""
    await repository.delete_entry(session, collection, str(record_id))
