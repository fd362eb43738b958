"""Databases come and go with tests: what was put into words for one of them is not put into words again for the next.

Every database of a test has engines of its own, and every engine would compile each statement anew, which is a third
of the work of a short test. Dialects of one class are all alike here.
"""

from typing import Any, ClassVar

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite


class _Alike:
    """Equal to all of its class, so that a statement which one of them compiled is found for the others."""

    _compiled: ClassVar[dict[Any, Any]] = {}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Have all engines look into one cache."""
        engine.update_execution_options(compiled_cache=cls._compiled)


class AlikeSQLite(_Alike, SQLiteDialect_aiosqlite):
    """SQLite as every service opens it."""

    supports_statement_cache = True


class AlikePostgreSQL(_Alike, PGDialect_asyncpg):
    """PostgreSQL as every service opens it."""

    supports_statement_cache = True


def keep_statements() -> None:
    """Engines that this process opens from now on share what they compile."""
    registry.register("sqlite.aiosqlite", __name__, AlikeSQLite.__name__)
    registry.register("postgresql.asyncpg", __name__, AlikePostgreSQL.__name__)
