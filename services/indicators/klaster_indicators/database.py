"""The service's own metadata, base class and column types; sessions come from the shared toolbox."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from klaster_shared.changes import ChangeLog
from klaster_shared.database import Database, service_metadata
from klaster_shared.following import cursors_table
from klaster_shared.idempotency import idempotency_table
from klaster_shared.job_table import jobs_table

METADATA = service_metadata()
CHANGE_LOG = ChangeLog(METADATA)
idempotency_table(METADATA)
jobs_table(METADATA)
cursors_table(METADATA)


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """Base of the service's tables."""


class PlainDecimal(TypeDecorator[Decimal]):
    """An exact decimal of any size, as text.

    Indicators run from 12.20703125 projects to 65 575 926 000 PLN: no one scale fits both into an integer, and
    values of different measures are never added up or compared in SQL.
    """

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else format(Decimal(value), "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def json_facts() -> TypeEngine[Any]:
    """Facts of the document that are kept whole and never searched."""
    return JSON(none_as_null=True)


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def columns_of(model: type[SQLModel]) -> list[Any]:
    """A table's columns: lists are read as rows, not as objects, which cost several times as much."""
    return list(table_of(model).columns)


def column_of(model: type[SQLModel], name: str) -> ColumnElement[Any]:
    """One column of a table, for orders of lists."""
    return table_of(model).columns[name]


def open_database(url: str) -> Database:
    """The service's database, with its change log."""
    return Database(url, before_commit=CHANGE_LOG)
