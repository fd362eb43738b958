"""The registry's own metadata, base class and column types; sessions come from the shared toolbox."""

from functools import cache
from typing import Any, Self

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import class_mapper, registry
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from klaster_shared.changes import ChangeLog
from klaster_shared.database import Database, service_metadata
from klaster_shared.idempotency import idempotency_table
from klaster_shared.jobs import jobs_table
from klaster_shared.pagination import Order

METADATA = service_metadata()
CHANGE_LOG = ChangeLog(METADATA)
idempotency_table(METADATA)
jobs_table(METADATA)


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """Base of the registry's tables."""

    def __init__(self, **values: Any) -> None:
        # Tables do not validate, and a new row has no history that a session should follow, so its values need not
        # go through three layers one by one: 5 us a row instead of 70, and loading makes hundreds of thousands.
        self.__dict__.update(_complete(type(self), values))
        object.__setattr__(self, "__pydantic_fields_set__", set(values))

    @classmethod
    def plain(cls, **values: Any) -> Self:
        """A row that is written by a statement and never added to a session: nobody keeps an account of it.

        That account, with its references back and forth, was half of what a row costs: in time, and in garbage.
        """
        row: Self = cls.__new__(cls)
        row.__dict__.update(_complete(cls, values))
        return row

    def __setattr__(self, name: str, value: Any) -> None:
        if name == _ACCOUNT or _ACCOUNT in self.__dict__:
            super().__setattr__(name, value)
        else:
            self.__dict__[name] = value


_ACCOUNT = "_sa_instance_state"  # what SQLAlchemy keeps of an object


def _complete(table: type[SQLModel], values: dict[str, Any]) -> dict[str, Any]:
    names, defaults = _shape(table)
    if not values.keys() <= names:
        raise TypeError(f"{table.__name__} has no {', '.join(sorted(values.keys() - names))}")
    return defaults | values


@cache
def _shape(table: type[SQLModel]) -> tuple[frozenset[str], dict[str, Any]]:
    """The columns of a table and their defaults, all of which are plain values that rows may share."""
    class_mapper(table)  # sets up what reads a row's attributes, where no query has done so yet
    fields = table.model_fields
    return frozenset(fields), {name: info.get_default() for name, info in fields.items() if not info.is_required()}


def sort_text(length: int | None = None) -> TypeEngine[str]:
    """Text compared byte by byte on both engines: keys made in Python keep their order whatever the server's locale."""
    plain: TypeEngine[str] = String(length) if length else Text()
    on_postgresql: TypeEngine[str] = String(length, collation="C") if length else Text(collation="C")
    return plain.with_variant(on_postgresql, "postgresql")


def by(name: str, column: Any) -> Order:
    """One column of a list's order; SQLModel's fields and SQLAlchemy's columns are two types to a type checker."""
    return Order(name, column)


def json_list() -> TypeEngine[Any]:
    """A short list kept whole, never searched."""
    return JSON()


def open_database(url: str) -> Database:
    """The service's database, with its change log."""
    return Database(url, before_commit=CHANGE_LOG)
