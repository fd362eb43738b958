"""The service's own metadata, base class and column types; sessions come from the shared toolbox."""

from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from klaster_shared.changes import ChangeLog
from klaster_shared.database import Database, is_postgresql, service_metadata
from klaster_shared.following import cursors_table
from klaster_shared.idempotency import idempotency_table
from klaster_shared.job_table import jobs_table
from klaster_shared.pagination import Order

METADATA = service_metadata()
CHANGE_LOG = ChangeLog(METADATA)
idempotency_table(METADATA)
jobs_table(METADATA)
cursors_table(METADATA)
# Rows that a statement writes are read anew where they are needed: the session need not look for those that it knows.
AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """Base of the service's tables."""


def sort_text(length: int | None = None) -> TypeEngine[str]:
    """Text compared byte by byte on both engines: keys made in Python keep their order whatever the server's locale."""
    plain: TypeEngine[str] = String(length) if length else Text()
    on_postgresql: TypeEngine[str] = String(length, collation="C") if length else Text(collation="C")
    return plain.with_variant(on_postgresql, "postgresql")


def json_list() -> TypeEngine[Any]:
    """A short list kept whole, never searched."""
    return JSON()


def json_object() -> TypeEngine[Any]:
    """A small object kept whole, never searched."""
    return JSON()


def nullable_object() -> TypeEngine[Any]:
    """As `json_object`, where nothing is NULL and not a JSON null: queries can ask for it."""
    return JSON(none_as_null=True)


def by(name: str, column: Any) -> Order:
    """One column of a list's order; SQLModel's fields and SQLAlchemy's columns are two types to a type checker."""
    return Order(name, column)


def upsert(session: AsyncSession, table: str) -> Any:
    """An INSERT of the engine at hand, which knows ON CONFLICT; both spell it alike."""
    dialect: Any = postgresql if is_postgresql(session) else sqlite
    return dialect.insert(METADATA.tables[table])


def open_database(url: str) -> Database:
    """The service's database, with its change log."""
    return Database(url, before_commit=CHANGE_LOG)
