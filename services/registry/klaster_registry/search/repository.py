"""The statements that keep the tables of the search up to date; how it is asked stands in `queries`."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.search.models import SearchEntry, SearchEntryField, SearchName, SearchWord
from klaster_shared.database import is_postgresql

Key = tuple[str, str]
_MANY = 5_000  # values in one statement: SQLite takes 32,766, PostgreSQL 65,535
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


async def upsert_entries(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> dict[Key, int]:
    """Write entries, new ones and known ones; the numbers of their rows by collection and record."""
    dialect: Any = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(SearchEntry)
    key = ("collection", "record_id")
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
    columns = (col(SearchEntry.collection), col(SearchEntry.record_id), col(SearchEntry.id))
    found = await session.execute(statement.returning(*columns), rows)
    return {(collection, record_id): number for collection, record_id, number in found}


async def replace_parts(
    session: AsyncSession, *, names: Sequence[dict[str, Any]], fields: Sequence[dict[str, Any]], ids: Collection[int]
) -> None:
    """Write names and fields of these entries anew."""
    for table, rows in ((SearchName, names), (SearchEntryField, fields)):
        statement = delete(table).where(col(table.entry_id).in_(ids))  # type: ignore[attr-defined]
        await session.execute(statement.execution_options(**_AS_WRITTEN))
        if rows:
            await session.execute(insert(table), rows)


async def add_words(session: AsyncSession, words: Collection[str]) -> None:
    """Add what the dictionary lacks; what another transaction is adding just now comes to stand there twice."""
    for some in _portions(sorted(words)):
        known = set(await session.scalars(select(col(SearchWord.word)).where(col(SearchWord.word).in_(some))))
        missing = [{"word": word} for word in some if word not in known]
        if missing:
            await session.execute(insert(SearchWord), missing)


async def delete_entry(session: AsyncSession, collection: str, record_id: str) -> None:
    """Remove an entry; its names and fields go with it."""
    statement = delete(SearchEntry).where(
        col(SearchEntry.collection) == collection, col(SearchEntry.record_id) == record_id
    )
    await session.execute(statement.execution_options(**_AS_WRITTEN))


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + _MANY] for at in range(0, len(items), _MANY))
