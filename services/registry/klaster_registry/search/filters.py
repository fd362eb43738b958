"""How the search is asked on either engine: the one place that knows trigram indexes.

Statements are kept and asked again with other words (`Database.fetch`), so what is searched for goes in by name:
`values_of` gives the values, `shape_of` says which statements differ for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    column,
    exists,
    false,
    func,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean
from sqlmodel import col

from klaster_registry.search.folding import name_key, words_of
from klaster_registry.search.models import SearchEntry, SearchEntryField, SearchName, SearchText
from klaster_registry.search.schemas import SearchFilters

_LAST = "\U0010ffff"  # behind every text that goes on: makes a prefix a range, which an index serves
_INDEXED_FROM = 3  # letters: what is shorter has no trigram
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

    def parts(self, *, anywhere: bool = True) -> Parts:
        """Every word has to stand somewhere in the texts; one of one or two letters has to begin a word there.

        `anywhere=False`: the others, too.
        """
        return tuple((word if anywhere and len(word) >= _INDEXED_FROM else f" {word}",) for word in self.words)


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


def contain(parts: Parts) -> ColumnElement[bool]:
    """SQL on SearchText: it contains, of each of these, one at least. Of nothing asked nothing is found."""
    if not parts:
        return false()
    text, values = col(SearchText.text), values_of(parts)
    likes = and_(
        *(
            or_(*(text.like(_named(f"part_{at}_{of}", values)) for of in range(len(one))))
            for at, one in enumerate(parts)
        )
    )
    found = col(SearchText.entry_id).in_(select(FTS.c.rowid).where(matches(parts))) if has_phrase(parts) else true()
    return _OnEngine(on_sqlite=and_(found, *unindexed(parts)), on_postgresql=likes)


def having(parts: Parts) -> ColumnElement[bool]:
    """SQL on SearchEntry: its texts do."""
    return col(SearchEntry.id).in_(select(col(SearchText.entry_id)).where(contain(parts)))


def has_phrase(parts: Parts) -> bool:
    """Whether FTS5 can be asked for any of these."""
    return not all(map(_short, parts))


def matches(parts: Parts) -> ColumnElement[bool]:
    """SQL on FTS: the same, but for what is too short for it."""
    return FTS.c.search_fts.op("MATCH", is_comparison=True)(_named("phrase", values_of(parts)))


def unindexed(parts: Parts) -> list[ColumnElement[bool]]:
    """SQL on SearchText, for SQLite: what is too short for FTS5."""
    text, values = col(SearchText.text), values_of(parts)
    return [
        or_(*(func.instr(text, _named(f"short_{at}_{of}", values)) > 0 for of in range(len(one))))
        for at, one in enumerate(parts)
        if _short(one)
    ]


def values_of(parts: Parts) -> dict[str, str]:
    """The values of the parameters; folded words are letters and digits alone, so that nothing needs escaping."""
    each = [(f"{at}_{of}", part) for at, one in enumerate(parts) for of, part in enumerate(one)]
    phrases = [" OR ".join(f'"{part}"' for part in one) for one in parts if not _short(one)]
    return {
        "phrase": " AND ".join(f"({phrase})" for phrase in phrases),
        **{f"part_{name}": f"%{part}%" for name, part in each},
        **{f"short_{name}": part for name, part in each},
    }


def shape_of(parts: Parts) -> tuple[tuple[int, bool], ...]:
    """What statements for other words have in common with those for these."""
    return tuple((len(one), _short(one)) for one in parts)


def _short(one: Sequence[str]) -> bool:
    return min(map(len, one)) < _INDEXED_FROM


def _named(name: str, values: dict[str, str]) -> Any:
    return bindparam(name, values[name], Text)


def range_of(beginning: str) -> dict[str, str]:
    """The values of the parameters of `begins`."""
    return {"beginning": beginning, "end": beginning + _LAST}


def begins(column: Any) -> ColumnElement[bool]:
    """SQL: a folded text begins with what `range_of` gives."""
    return and_(column >= bindparam("beginning", "", column.type), column < bindparam("end", "", column.type))


def first_name() -> ColumnElement[bool]:
    """SQL on SearchName: it begins so, and the name before it does not; each entry is found once."""
    previous: Any = col(SearchName.previous)
    return and_(begins(col(SearchName.folded)), previous < bindparam("beginning", "", previous.type))


def has_name(number: ColumnElement[int]) -> ColumnElement[bool]:
    """SQL: one of the names of the entry of that number begins so."""
    own = col(SearchName.entry_id) == number
    return exists(select(1).where(own, begins(col(SearchName.folded))))


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which entries is searched: those that the filters leave and the audiences (None: all) may see."""

    filters: SearchFilters
    audiences: tuple[str, ...] | None

    def key(self) -> tuple[str, tuple[str, ...] | None]:
        """What tells the statements of one scope from those of another."""
        return self.filters.model_dump_json(include=_FILTERS), self.audiences

    def is_everything(self) -> bool:
        """Whether no filter is set."""
        return not self.filters.model_dump(include=_FILTERS, exclude_defaults=True)

    def texts(self) -> list[ColumnElement[bool]]:
        """SQL on SearchText: those that the audiences may see."""
        return [col(SearchText.audience).in_(self.audiences)] if self.audiences else []

    def conditions(self) -> list[ColumnElement[bool]]:
        """SQL on SearchEntry."""
        asked = self.filters
        columns: list[tuple[Any, Sequence[Any]]] = [
            (SearchEntry.collection, asked.collection),
            (SearchEntry.registration, asked.registration),
            (SearchEntry.interest_group, asked.interest_group),
            (SearchEntry.country, asked.country),
            (SearchEntry.subdivision, asked.subdivision),
            (SearchEntry.audience, self.audiences or ()),
        ]
        found: list[ColumnElement[bool]] = [col(one).in_(values) for one, values in columns if values]
        if asked.demonstration is not None:
            found.append(col(SearchEntry.demonstration).is_(asked.demonstration))
        if asked.field:
            of = aliased(SearchEntryField)  # facets count the fields of the same entries
            found.append(exists(select(1).where(col(of.entry_id) == SearchEntry.id, col(of.field).in_(asked.field))))
        return found


_FILTERS = set(SearchFilters.model_fields)


def matching_ids(collection: str, q: str) -> Select[tuple[UUID]]:
    """The ids of the records of a collection that `q` finds: `col(Entity.id).in_(matching_ids("entities", q))`."""
    ids: Any = col(SearchEntry.record_uuid)
    own = col(SearchEntry.collection) == collection
    statement: Select[tuple[UUID]] = select(ids).where(own, having(Asked.of(q).parts()))
    return statement
