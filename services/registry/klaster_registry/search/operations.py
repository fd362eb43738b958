"""Rules of the search: what stands in it, and how it is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, literal_column
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.search import repository
from klaster_registry.search.corrections import similar
from klaster_registry.search.entries import Entry
from klaster_registry.search.filters import Asked, Scope
from klaster_registry.search.folding import dictionary_words
from klaster_registry.search.models import SearchEntry, SearchEntryField
from klaster_registry.search.repository import Found
from klaster_registry.search.schemas import FACET_SIZE, Matched, SearchParameters, SuggestParameters
from klaster_registry.search.writing import entry_row, latest_of, name_rows, text_row
from klaster_shared.database import Database
from klaster_shared.errors import Invalid
from klaster_shared.labels import Language, label_text
from klaster_shared.pagination import decode_cursor, encode_cursor

Audiences = tuple[str, ...] | None
_AT_ONCE = 500  # entries of one statement: fourteen values each
_TITLES = (by("title", col(SearchEntry.sort_title)), by("id", col(SearchEntry.id)))
# Names that begin with what was asked come first, then all other matches: the stage a page ended in is in its cursor.
_STAGES = (by("stage", literal_column("0", Integer)), by("key", col(SearchEntry.sort_title)), _TITLES[1])
_BEGINNINGS, _OTHERS = 0, 1
_FACETS = {
    "collection": SearchEntry.collection,
    "registration": SearchEntry.registration,
    "interest_group": SearchEntry.interest_group,
    "field": SearchEntryField.field,
    "country": SearchEntry.country,
    "subdivision": SearchEntry.subdivision,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found, and how."""

    row: Found
    matched: Matched | None
    corrected: Sequence[str] = ()


async def put(session: AsyncSession, entry: Entry) -> None:
    """Make a record findable, or what is found of it current: call it wherever the record is written."""
    await put_many(session, [entry])


async def put_many(session: AsyncSession, entries: Iterable[Entry]) -> None:
    """As `put`, for many at a time: a handful of statements for each five hundred."""
    latest = latest_of(entries)
    for at in range(0, len(latest), _AT_ONCE):
        await _put(session, latest[at : at + _AT_ONCE])


async def _put(session: AsyncSession, entries: Sequence[Entry]) -> None:
    numbers = await repository.upsert_entries(session, [entry_row(entry) for entry in entries])
    by_number = [(numbers[entry.collection, entry.record_id], entry) for entry in entries]
    texts = [text_row(entry, number) for number, entry in by_number]
    await repository.upsert_texts(session, texts)
    names = [row for number, entry in by_number for row in name_rows(entry, number)]
    fields = [{"entry_id": number, "field": code} for number, entry in by_number for code in sorted(set(entry.fields))]
    await repository.replace_parts(session, names=names, fields=fields, ids=list(numbers.values()))
    learnt = [dictionary_words(row["text"]) for entry, row in zip(entries, texts, strict=True) if not entry.personal]
    words: set[str] = set()
    await repository.add_words(session, words.union(*learnt))


async def drop(session: AsyncSession, collection: str, record_id: UUID | str) -> None:
    """Make a record that is deleted unfindable. Its words stay in the dictionary: a correction that leads nowhere
    finds nothing, while to know that nobody uses a word any more would take a scan of all entries."""
    await repository.delete_entry(session, collection, str(record_id))


async def search(
    database: Database, *, parameters: SearchParameters, audiences: Audiences
) -> tuple[list[Hit], str | None]:
    """One page of what is found, and the cursor to the next. `audiences`: whose entries may be seen (None: all).

    Where nothing is found, the first page holds what may have been meant; that is no list to page through. Raises
    Invalid where the cursor belongs to another list.
    """
    scope, asked = Scope(parameters, audiences), _asked(parameters)
    if asked is None or parameters.sort == "title":
        return await _by_title(database, scope, parameters, asked)
    hits, cursor = await _by_relevance(database, scope, parameters, asked)
    if not hits and parameters.cursor is None:
        found = await similar(database, scope=scope, asked=asked, limit=parameters.limit)
        return [Hit(row, "similar", words) for row, words in found], None
    return hits, cursor


def _asked(parameters: SearchParameters) -> Asked | None:
    return Asked.of(parameters.q) if parameters.q and parameters.q.strip() else None


async def _by_title(
    database: Database, scope: Scope, parameters: SearchParameters, asked: Asked | None
) -> tuple[list[Hit], str | None]:
    behind: Any = tuple(decode_cursor(_TITLES, parameters.cursor)) if parameters.cursor else None
    parts, limit = asked.parts() if asked else None, parameters.limit
    rows = await repository.by_title(database, scope, parts, behind=behind, limit=limit + 1)
    hits = [Hit(row, "text" if asked else None) for row in rows[:limit]]
    more = len(rows) > limit
    return hits, encode_cursor(_TITLES, (hits[-1].row.key, hits[-1].row.id)) if more else None


async def _by_relevance(
    database: Database, scope: Scope, parameters: SearchParameters, asked: Asked
) -> tuple[list[Hit], str | None]:
    stage, behind, limit = _BEGINNINGS, None, parameters.limit
    if parameters.cursor:
        stage, *after = decode_cursor(_STAGES, parameters.cursor)
        behind = (after[0], after[1])
    if stage not in {_BEGINNINGS, _OTHERS}:
        raise Invalid.field("query/cursor", "cursor", "This is not a cursor of ours")
    hits: list[Hit] = []
    if stage == _BEGINNINGS and asked.words:
        rows = await repository.by_beginning(database, scope, asked, behind=behind, limit=limit + 1)
        hits, behind = [Hit(row, "prefix") for row in rows], None
    if len(hits) <= limit and asked.words:
        # Where no name begins so, there is none to leave out.
        besides = asked if hits or parameters.cursor else None
        rest = limit + 1 - len(hits)
        rows = await repository.by_words(database, scope, asked.parts(), besides=besides, behind=behind, limit=rest)
        hits += [Hit(row, "text") for row in rows]
    if len(hits) <= limit:
        return hits, None
    last = hits[limit - 1]
    at = _BEGINNINGS if last.matched == "prefix" else _OTHERS
    return hits[:limit], encode_cursor(_STAGES, (at, last.row.key, last.row.id))


async def count(database: Database, *, parameters: SearchParameters, audiences: Audiences) -> int:
    """How many matches there are on all pages; what is merely similar is not counted."""
    asked = _asked(parameters)
    return await repository.count(database, Scope(parameters, audiences), asked.parts() if asked else None)


async def count_facets(
    database: Database, *, parameters: SearchParameters, audiences: Audiences
) -> dict[str, list[dict[str, Any]]]:
    """All matches, of every page, by the values that they can be filtered by."""
    scope, asked = Scope(parameters, audiences), _asked(parameters)
    parts = asked.parts() if asked else None
    return {
        name: [
            {"value": value, "count": many}
            for value, many in await repository.count_by(database, scope, parts, column, limit=FACET_SIZE)
        ]
        for name, column in _FACETS.items()
    }


async def suggest(database: Database, *, parameters: SuggestParameters, audiences: Audiences) -> list[Found]:
    """Records with a name that begins with what was typed, then those with words that begin so."""
    scope, asked, limit = Scope(parameters, audiences), Asked.of(parameters.q), parameters.limit
    if not asked.words:
        return []
    rows = await repository.by_beginning(database, scope, asked, behind=None, limit=limit)
    if len(rows) < limit:
        parts, rest = asked.parts(anywhere=False), limit - len(rows)
        rows += await repository.by_words(database, scope, parts, besides=asked if rows else None, limit=rest)
    return rows


def suggestion_of(row: Found, language: Language) -> dict[str, Any]:
    """A suggestion as it is written in answers."""
    return {
        "collection": row.collection,
        "id": row.record_id,
        "title": label_text(row.title_pl, row.title_en, language),
        "path": f"/v1/{row.collection.replace('_', '-')}/{row.record_id}",
    }


def record_of(hit: Hit, language: Language) -> dict[str, Any]:
    """A hit as it is written in answers."""
    row = hit.row
    return {
        **suggestion_of(row, language),
        "matched": hit.matched,
        "corrected": hit.corrected,
        "registration": row.registration,
        "interest_group": row.interest_group,
        "country": row.country,
        "subdivision": row.subdivision,
        "fields": row.fields,
        "demonstration": row.demonstration,
    }
