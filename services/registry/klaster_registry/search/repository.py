"""Every query of the search: those that keep its tables up to date, and those that ask them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.filters import among
from klaster_registry.search.filters import (
    FTS,
    Asked,
    Parts,
    Scope,
    begins,
    contain,
    first_name,
    has_name,
    has_phrase,
    having,
    matches,
    range_of,
    shape_of,
    unindexed,
    values_of,
)
from klaster_registry.search.models import SearchEntry, SearchEntryField, SearchName, SearchText, SearchWord
from klaster_shared.database import Database, is_postgresql

Key = tuple[str, str]
Behind = tuple[str, int] | None
_MANY = 5_000  # values in one statement: SQLite takes 32,766, PostgreSQL 65,535
_SIZE = bindparam("size", 0, Integer)
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


class Found(NamedTuple):
    """An entry that was found; `key` is what it is ordered by, or all its texts where they are to be compared."""

    id: int
    collection: str
    record_id: str
    title_pl: str
    title_en: str
    registration: str | None
    interest_group: str | None
    country: str | None
    subdivision: str | None
    fields: list[str]
    demonstration: bool
    key: str


_COLUMNS: tuple[Any, ...] = tuple(getattr(SearchEntry, name) for name in Found._fields[:-1])


async def upsert_entries(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> dict[Key, int]:
    """Write entries, new ones and known ones; the numbers of their rows by collection and record."""
    dialect: Any = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(_table(SearchEntry))
    key = ("collection", "record_id")
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
    columns = (col(SearchEntry.collection), col(SearchEntry.record_id), col(SearchEntry.id))
    found = await session.execute(statement.returning(*columns), rows)
    return {(collection, record_id): number for collection, record_id, number in found}


async def upsert_texts(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write texts; one that says the same as before is left alone, and so is its index."""
    dialect: Any = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(_table(SearchText))
    new = {name: statement.excluded[name] for name in ("text", "audience")}
    changed = or_(col(SearchText.text) != new["text"], col(SearchText.audience) != new["audience"])
    statement = statement.on_conflict_do_update(index_elements=["entry_id"], set_=new, where=changed)
    await session.execute(statement, rows)


async def replace_parts(
    session: AsyncSession, *, names: Sequence[dict[str, Any]], fields: Sequence[dict[str, Any]], ids: Collection[int]
) -> None:
    """Write names and fields of these entries anew."""
    for table, rows in ((SearchName, names), (SearchEntryField, fields)):
        statement = delete(table).where(col(table.entry_id).in_(ids))
        await session.execute(statement.execution_options(**_AS_WRITTEN))
        if rows:
            await session.execute(insert(_table(table)), rows)


async def add_words(session: AsyncSession, words: Collection[str]) -> None:
    """Add what the dictionary lacks; what another transaction is adding just now comes to stand there twice."""
    for some in _portions(sorted(words)):
        among_some = among(session, col(SearchWord.word), some)
        known = set(await session.scalars(select(col(SearchWord.word)).where(among_some)))
        missing = [{"word": word} for word in some if word not in known]
        if missing:
            await session.execute(insert(_table(SearchWord)), missing)


async def delete_entry(session: AsyncSession, collection: str, record_id: str) -> None:
    """Remove an entry; its names and fields go with it."""
    statement = delete(SearchEntry).where(
        col(SearchEntry.collection) == collection, col(SearchEntry.record_id) == record_id
    )
    await session.execute(statement.execution_options(**_AS_WRITTEN))


def _table(model: Any) -> Any:
    """The table behind a model: many rows go in faster than as objects."""
    return model.__table__


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + _MANY] for at in range(0, len(items), _MANY))


async def by_beginning(database: Database, scope: Scope, asked: Asked, *, behind: Behind, limit: int) -> list[Found]:
    """Entries with a name that begins so, in order of that name.

    Among all entries one plan is good for any beginning: with a constant size PostgreSQL keeps it (see `by_words`).
    """
    size: Any = literal_column(str(limit)) if scope.is_everything() else _SIZE

    def write() -> Any:
        name, number = col(SearchName.folded), col(SearchName.entry_id)
        statement = select(*_COLUMNS, name.label("key")).join(SearchEntry, col(SearchEntry.id) == number)
        return _page(statement.where(first_name(), *scope.conditions()), name, number, behind).limit(size)

    given = {**range_of(asked.key), **_place(behind), "size": limit}
    return await _found(database, ("beginning", *scope.key(), behind is None, limit), write, given)


async def by_title(database: Database, scope: Scope, parts: Parts | None, *, behind: Behind, limit: int) -> list[Found]:
    """Entries in order of their titles; those with these words alone, where words are given."""

    def write() -> Any:
        title, number = col(SearchEntry.sort_title), col(SearchEntry.id)
        statement = select(*_COLUMNS, title.label("key")).where(*_matching(scope, parts))
        return _page(statement, title, number, behind).limit(_SIZE)

    given = {**values_of(parts or ()), **_place(behind), "size": limit}
    return await _found(database, ("title", *scope.key(), _shape(parts), behind is None), write, given)


async def by_words(
    database: Database,
    scope: Scope,
    parts: Parts,
    *,
    besides: Asked | None = None,
    behind: Behind = None,
    limit: int,
    with_texts: bool = False,
) -> list[Found]:
    """Entries with these words in the order in which they were first written: the one that the text indexes keep.

    `besides` leaves out those that `by_beginning` finds. The size of the page is a parameter on purpose: PostgreSQL
    then takes a plan for any words to be dear, and plans for the words that it is given. One plan for all would walk
    through the table, which finds a frequent part of a word at once and a rare one never.
    """

    def write() -> Any:
        key: Any = col(SearchText.text) if with_texts else literal("")
        number: Any = col(SearchText.entry_id)
        texts: Any = select(number.label("number"), key.label("key"))
        if database.dialect == "postgresql" or not has_phrase(parts):
            texts = texts.where(contain(parts))
        else:
            # From the text index to the texts, not the other way round: it gives the first of them at once.
            number = FTS.c.rowid
            texts = select(number.label("number"), key.label("key")).select_from(FTS)
            texts = texts.join(SearchText, col(SearchText.entry_id) == number).where(matches(parts), *unindexed(parts))
        if besides is not None:
            texts = texts.where(~has_name(number))
        if behind is not None:
            texts = texts.where(number > bindparam("last_number", 0, BigInteger))
        return _with_entries(texts, scope)

    given = {**values_of(parts), **_place(behind), "size": limit}
    if besides is not None:
        given |= range_of(besides.key)
    key = ("words", *scope.key(), _shape(parts), besides is None, behind is None, with_texts)
    return await _found(database, key, write, given)


def _with_entries(texts: Any, scope: Scope) -> Any:
    number = texts.selected_columns.number
    if scope.is_everything():
        # The page is cut before the entries are read: else PostgreSQL may read those of all matches, to sort them.
        few = texts.where(*scope.texts()).order_by(number).limit(_SIZE).subquery()
        statement = select(*_COLUMNS, few.c.key).join(few, few.c.number == SearchEntry.id)
        return statement.order_by(few.c.number)
    statement = texts.join(SearchEntry, col(SearchEntry.id) == number).where(*scope.conditions())
    key = texts.selected_columns.key
    return statement.with_only_columns(*_COLUMNS, key).order_by(number).limit(_SIZE)


async def count(database: Database, scope: Scope, parts: Parts | None) -> int:
    """How many entries there are."""

    def write() -> Any:
        return select(func.count()).select_from(SearchEntry).where(*_matching(scope, parts))

    prepared = database.prepared(("count", *scope.key(), _shape(parts)), write)
    [(found,)] = await database.fetch(prepared, **values_of(parts or ()))
    return int(found)


async def count_by(
    database: Database, scope: Scope, parts: Parts | None, column: Any, *, limit: int
) -> list[tuple[str, int]]:
    """The most frequent values of a column, or of the fields of entries, with how many entries have each."""

    def write() -> Any:
        many = func.count().label("many")
        statement = select(column, many).select_from(SearchEntry)
        statement = statement.where(column.is_not(None), *_matching(scope, parts))
        if column.class_ is SearchEntryField:
            statement = statement.join(SearchEntryField, col(SearchEntryField.entry_id) == SearchEntry.id)
        return statement.group_by(column).order_by(many.desc(), column).limit(limit)

    prepared = database.prepared(("facet", column.key, limit, *scope.key(), _shape(parts)), write)
    return [(value, int(many)) for value, many in await database.fetch(prepared, **values_of(parts or ()))]


async def words_among(database: Database, words: Collection[str]) -> set[str]:
    """Those of these words that the dictionary has: one parameter, however many they are."""
    given: Any = sorted(words) if database.dialect == "postgresql" else to_json(sorted(words)).decode()

    def write() -> Any:
        word = col(SearchWord.word)
        if database.dialect == "postgresql":
            return select(word).where(word == any_(bindparam("words", given, postgresql.ARRAY(Text))))
        each = func.json_each(bindparam("words", given, Text)).table_valued("value")
        return select(word).where(word.in_(select(each.c.value)))

    return {word for (word,) in await database.fetch(database.prepared("words among", write), words=given)}


async def words_beginning(database: Database, beginning: str, *, shortest: int, longest: int) -> set[str]:
    """Words of the dictionary that begin so, of about that length."""

    def write() -> Any:
        word = col(SearchWord.word)
        length = func.length(word)
        bounds = (length >= bindparam("shortest", 0, Integer), length <= bindparam("longest", 0, Integer))
        return select(word).where(begins(word), *bounds).limit(_MANY)

    given = {**range_of(beginning), "shortest": shortest, "longest": longest}
    return {word for (word,) in await database.fetch(database.prepared("words beginning", write), **given)}


def _matching(scope: Scope, parts: Parts | None) -> list[ColumnElement[bool]]:
    return [*scope.conditions(), *([having(parts)] if parts is not None else [])]


def _shape(parts: Parts | None) -> Any:
    return None if parts is None else shape_of(parts)


def _page(statement: Any, key: Any, number: Any, behind: Behind) -> Any:
    if behind is not None:
        last = (bindparam("last_key", "", key.type), bindparam("last_number", 0, BigInteger))
        statement = statement.where(tuple_(key, number) > tuple_(*last))
    return statement.order_by(key, number)


def _place(behind: Behind) -> dict[str, Any]:
    return {} if behind is None else {"last_key": behind[0], "last_number": behind[1]}


async def _found(database: Database, key: Any, write: Any, given: dict[str, Any]) -> list[Found]:
    return [Found(*row) for row in await database.fetch(database.prepared(("search", key), write), **given)]
