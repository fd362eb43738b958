"""Hot reads: a statement written out once, given to the driver as it is, its rows taken as the driver gives them.

A session and its row objects cost several times what the query does. Whoever answers thousands of times a second with
what a handful of statements find keeps those statements, and asks `Database.fetch` for their rows.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Converter = Callable[[Any], Any]


class Prepared:
    """A statement for one dialect: its text, the order of its parameters, and how values go in and come out.

    Parameters that change from call to call are `bindparam`s with a name and any value of their type.
    """

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        assert isinstance(compiled, SQLCompiler)
        self.statement = statement
        self.text = str(compiled)
        self._named = [(name, _binder(compiled, name, dialect)) for name in compiled.positiontup or ()]
        self._values = dict(compiled.params)
        self._readers = [_reader(column.type, dialect) for column in statement.selected_columns]

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the text; `given` take the place of those it was written with."""
        values = {**self._values, **given}
        return [values[name] if bind is None else bind(values[name]) for name, bind in self._named]

    def rows(self, found: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """What the driver gave, as Python has it."""
        readers = [(at, read) for at, read in enumerate(self._readers) if read is not None]
        if not readers:
            return found
        rows = []
        for row in found:
            values = list(row)
            for at, read in readers:
                values[at] = read(values[at])
            rows.append(tuple(values))
        return rows


def _binder(compiled: SQLCompiler, name: str, dialect: Dialect) -> Converter | None:
    # One of a list of values (`id_1_2`) is bound as the list itself (`id_1`) would be.
    bind = compiled.binds[name if name in compiled.binds else name.rpartition("_")[0]]
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


class Kept:
    """The statements asked for most recently, by what they ask: two lists with the same filters are one statement."""

    def __init__(self, limit: int = 500) -> None:
        self._limit = limit
        self._found: dict[Hashable, Prepared] = {}

    def get(self, key: Hashable, make: Callable[[], Prepared]) -> Prepared:
        """The statement under `key`, made where it is not there."""
        prepared = self._found.pop(key, None) or make()
        self._found[key] = prepared  # last in line: the first is the one that was not asked for longest
        if len(self._found) > self._limit:
            del self._found[next(iter(self._found))]
        return prepared
