"""How the search is asked on either engine: the one place that knows trigram indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, exists, false, func, literal, or_, select, table, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean
from sqlmodel import col

from klaster_registry.search.folding import name_key, words_of
from klaster_registry.search.models import SearchEntry, SearchEntryField, SearchName
from klaster_registry.search.schemas import SearchFilters

_LAST = "\U0010ffff"  # behind every text that goes on: makes a prefix a range, which an index serves
FTS = table("search_fts", column("rowid"), column("search_fts"))
Parts = tuple[tuple[str, ...], ...]
"""Parts of texts: of each of the inner ones at least one has to occur."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for: its words, and the beginning of a name that they make."""

    words: tuple[str, ...]
    key: str

    @classmethod
    def of(cls, text: str) -> "Asked":
        """The words of a text as it was typed."""
        return cls(tuple(dict.fromkeys(words_of(text))), name_key(text))


class _OnEngine(ColumnElement[bool]):
    """One question, put to each engine in its own way; compiled for the engine that is asked."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 # SQLAlchemy's own protocol
        ("on_sqlite", InternalTraversal.dp_clauseelement),
        ("on_postgresql", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, *, on_sqlite: ColumnElement[bool], on_postgresql: ColumnElement[bool]) -> None:
        self.on_sqlite = on_sqlite
        self.on_postgresql = on_postgresql


@compiles(_OnEngine)
def _compile_postgresql(element: _OnEngine, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.on_postgresql.self_group(), **options))


@compiles(_OnEngine, "sqlite")
def _compile_sqlite(element: _OnEngine, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.on_sqlite.self_group(), **options))


def parts_of(asked: Asked, *, anywhere: bool = True) -> Parts:
    """What has to stand in the texts: every word, somewhere; a word of one or two letters begins a word there.

    `anywhere=False`: the others, too.
    """
    return tuple((word if anywhere and len(word) > 2 else f" {word}",) for word in asked.words)


def contain(parts: Parts) -> ColumnElement[bool]:
    """SQL on SearchEntry: its texts contain, of each of these, one at least. Of nothing asked nothing is found."""
    if not parts:
        return false()
    text, phrase = col(SearchEntry.text), match_phrase(parts)
    likes = and_(*(or_(*(text.like(f"%{part}%") for part in either)) for either in parts))
    found = col(SearchEntry.id).in_(select(FTS.c.rowid).where(matches(phrase))) if phrase else true()
    return _OnEngine(on_sqlite=and_(found, *unindexed(parts)), on_postgresql=likes)


def match_phrase(parts: Parts) -> str:
    """The same as a question to FTS5, but for what is too short for it; folded words need no escaping."""
    every = [" OR ".join(f'"{part}"' for part in either) for either in parts if not _short(either)]
    return " AND ".join(f"({either})" for either in every)


def matches(phrase: str) -> ColumnElement[bool]:
    """SQL on FTS."""
    return FTS.c.search_fts.op("MATCH", is_comparison=True)(literal(phrase))


def unindexed(parts: Parts) -> list[ColumnElement[bool]]:
    """SQL on SearchEntry, for SQLite: what is too short for FTS5."""
    return [
        or_(*(func.instr(col(SearchEntry.text), part) > 0 for part in either)) for either in parts if _short(either)
    ]


def _short(either: Sequence[str]) -> bool:
    return min(map(len, either)) < 3


def begins(column: Any, key: str) -> ColumnElement[bool]:
    """SQL: a folded text begins with `key`."""
    return and_(column >= key, column < key + _LAST)


def first_name(asked: Asked) -> ColumnElement[bool]:
    """SQL on SearchName: it begins so, and the name before it does not; each entry is found once."""
    return and_(begins(col(SearchName.folded), asked.key), col(SearchName.previous) < asked.key)


def has_name(asked: Asked) -> ColumnElement[bool]:
    """SQL on SearchEntry: one of its names begins so."""
    own = col(SearchName.entry_id) == SearchEntry.id
    return exists(select(1).where(own, begins(col(SearchName.folded), asked.key)))


def conditions(asked: SearchFilters, audiences: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """SQL on SearchEntry: what the filters leave; `audiences` are those whose entries may be seen, None: all."""
    columns: list[tuple[Any, Sequence[Any]]] = [
        (SearchEntry.collection, asked.collection),
        (SearchEntry.registration, asked.registration),
        (SearchEntry.interest_group, asked.interest_group),
        (SearchEntry.country, asked.country),
        (SearchEntry.subdivision, asked.subdivision),
        (SearchEntry.audience, audiences or ()),
    ]
    found: list[ColumnElement[bool]] = [col(one).in_(values) for one, values in columns if values]
    if asked.demonstration is not None:
        found.append(col(SearchEntry.demonstration).is_(asked.demonstration))
    if asked.field:
        of = aliased(SearchEntryField)  # facets count the fields of the same entries
        found.append(exists(select(1).where(col(of.entry_id) == SearchEntry.id, col(of.field).in_(asked.field))))
    return found


def matching_ids(collection: str, q: str) -> Select[tuple[UUID]]:
    """The ids of the records of a collection that `q` finds: `col(Entity.id).in_(matching_ids("entities", q))`."""
    ids: Any = col(SearchEntry.record_uuid)
    own = col(SearchEntry.collection) == collection
    statement: Select[tuple[UUID]] = select(ids).where(own, contain(parts_of(Asked.of(q))))
    return statement
