"""Every query of the search: those that keep its tables up to date, and those that ask them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Text, any_, delete, func, insert, literal, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.search.filters import (
    FTS,
    Asked,
    Parts,
    begins,
    contain,
    first_name,
    match_phrase,
    matches,
    unindexed,
)
from klaster_registry.search.models import SearchEntry, SearchEntryField, SearchName, SearchWord
from klaster_shared.database import is_postgresql

Key = tuple[str, str]
_MANY = 5_000  # values in one statement: SQLite takes 32,766, PostgreSQL 65,535
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}
Clauses = Sequence[ColumnElement[bool]]
Behind = tuple[str, int] | None
_HIT: tuple[Any, ...] = (
    SearchEntry.id,
    SearchEntry.collection,
    SearchEntry.record_id,
    SearchEntry.title_pl,
    SearchEntry.title_en,
    SearchEntry.registration,
    SearchEntry.interest_group,
    SearchEntry.country,
    SearchEntry.subdivision,
    SearchEntry.fields,
    SearchEntry.demonstration,
)


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
        statement = delete(table).where(col(table.entry_id).in_(ids))
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


async def by_beginning(
    session: AsyncSession, asked: Asked, clauses: Clauses, *, behind: Behind, limit: int
) -> Sequence[Any]:
    """Entries with a name that begins so, in order of that name; `key` is the name."""
    name, number = col(SearchName.folded), col(SearchName.entry_id)
    statement: Any = select(*_HIT, name.label("key")).join(SearchEntry, col(SearchEntry.id) == number)
    statement = statement.where(first_name(asked), *clauses)
    return await _page(session, statement, name, number, behind=behind, limit=limit)


async def by_words(
    session: AsyncSession,
    parts: Parts,
    clauses: Clauses,
    *,
    behind: Behind = None,
    limit: int,
    with_texts: bool = False,
) -> Sequence[Any]:
    """Entries with these words in the order in which they were first written: the one that both indexes keep.

    `key` is empty, or, where they are to be compared outside the database, all that is known of their texts.
    """
    key: Any = col(SearchEntry.text) if with_texts else literal("")
    statement: Any = select(*_HIT, key.label("key")).where(*clauses)
    number: Any = col(SearchEntry.id)
    phrase = match_phrase(parts)
    if is_postgresql(session) or not phrase:
        statement = statement.where(contain(parts))
    else:
        # From the text index to the entries, not the other way round: it gives the first of them at once.
        number = FTS.c.rowid
        statement = statement.select_from(FTS).join(SearchEntry, col(SearchEntry.id) == number)
        statement = statement.where(matches(phrase), *unindexed(parts))
    if behind is not None:
        statement = statement.where(number > behind[1])
    rows: Sequence[Any] = (await session.execute(statement.order_by(number).limit(limit))).all()
    return rows


async def by_title(session: AsyncSession, clauses: Clauses, *, behind: Behind, limit: int) -> Sequence[Any]:
    """Entries in order of their titles; `key` is the title's."""
    title = col(SearchEntry.sort_title)
    statement: Any = select(*_HIT, title.label("key")).where(*clauses)
    return await _page(session, statement, title, col(SearchEntry.id), behind=behind, limit=limit)


async def _page(
    session: AsyncSession, statement: Any, key: Any, number: Any, *, behind: Behind, limit: int
) -> Sequence[Any]:
    if behind is not None:
        statement = statement.where(tuple_(key, number) > tuple_(*behind, types=[key.type, number.type]))
    rows: Sequence[Any] = (await session.execute(statement.order_by(key, number).limit(limit))).all()
    return rows


async def plan_for_words(session: AsyncSession) -> None:
    """PostgreSQL plans the statements of this transaction for the words they carry, not once for any words: a walk
    through the table finds a frequent part of a word at once, and a rare one never."""
    if is_postgresql(session):
        await session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


async def count(session: AsyncSession, clauses: Clauses) -> int:
    """How many entries there are."""
    return int(await session.scalar(select(func.count()).select_from(SearchEntry).where(*clauses)) or 0)


async def count_by(session: AsyncSession, column: Any, clauses: Clauses, *, limit: int) -> list[tuple[str, int]]:
    """The most frequent values of a column, or of the fields of entries, with how many entries have each."""
    many = func.count().label("many")
    statement: Any = select(column, many).select_from(SearchEntry).where(column.is_not(None), *clauses)
    if column.class_ is SearchEntryField:
        statement = statement.join(SearchEntryField, col(SearchEntryField.entry_id) == SearchEntry.id)
    rows = await session.execute(statement.group_by(column).order_by(many.desc(), column).limit(limit))
    return [(value, int(found)) for value, found in rows]


async def words_among(session: AsyncSession, words: Collection[str]) -> set[str]:
    """Those of these words that the dictionary has: one parameter, however many they are."""
    word = col(SearchWord.word)
    if is_postgresql(session):
        clause: Any = word == any_(literal(sorted(words), postgresql.ARRAY(Text)))
    else:
        given = func.json_each(to_json(sorted(words)).decode()).table_valued("value")
        clause = word.in_(select(given.c.value))
    return set(await session.scalars(select(word).where(clause)))


async def words_beginning(session: AsyncSession, beginning: str, *, shortest: int, longest: int) -> set[str]:
    """Words of the dictionary that begin so, of about that length."""
    word = col(SearchWord.word)
    length = func.length(word)
    statement = select(word).where(begins(word, beginning), length >= shortest, length <= longest).limit(_MANY)
    return set(await session.scalars(statement))
