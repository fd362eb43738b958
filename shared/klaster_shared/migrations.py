"""Migrations of one service: run as a step of their own, safe when two run at once."""

import argparse
import asyncio
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from klaster_shared.database import Database
from klaster_shared.revisions import is_current, knows, stands_at

_LOCK = 0x6B6C6173_6D6967
log = structlog.get_logger(__name__)
# Tables of a database engine's own making, and text indexes with their shadow tables, are no drift: one engine has
# what the other lacks, so that models cannot name them.
_FOREIGN = ("sqlite_", "search_fts")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a migration waits for the tables that others use, in seconds, and how it comes back."""

    lock_seconds: float = 2.0
    pauses: tuple[float, ...] = (1, 2, 4, 8, 15, 15, 15, 15, 15, 15)  # two minutes in all: longer than any request


class LocksHeld(Exception):  # noqa: N818 - a sentence for the operator
    """Others used the tables all the time: nothing was changed, and it can be tried again."""


def _config(package: str, connection: Connection | None = None) -> Config:
    config = Config()
    folder = Path(str(importlib.import_module(package).__file__)).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def upgrade(
    database_url: str,
    package: str,
    *,
    to: str = "head",
    patience: Patience = Patience(),  # it is frozen
) -> None:
    """Bring the database to the newest revision, or to the one named; one of a newer release stays as it is.

    Raises LocksHeld where others held its tables for longer than the patience.
    """

    def work(connection: Connection) -> None:
        found = stands_at(connection)
        if found is not None and not knows(package, found):
            log.warning("database_of_a_newer_release", package=package, revision=found)
            return
        command.upgrade(_config(package, connection), to)

    if to == "head" and await _stands_at_head(database_url, package):
        return  # the ordinary start: what migrating takes is not even read
    for pause in patience.pauses:
        try:
            await _with_connection(database_url, work, patience)
        except DBAPIError as error:
            if not _is_lock(error):
                raise
            log.warning("migration_waits_for_locks", package=package, again_in_seconds=pause)
            await asyncio.sleep(pause)
        else:
            return
    raise LocksHeld(f"{package}: other transactions held its tables each of the {len(patience.pauses)} times it tried")


async def _stands_at_head(database_url: str, package: str) -> bool:
    database = Database(database_url)
    try:
        async with database.read() as session:
            return await is_current(session, package)
    finally:
        await database.dispose()


def migrate(database_url: str, package: str) -> int:
    """The command of a service: one sentence where others were in the way for too long."""
    try:
        asyncio.run(upgrade(database_url, package))
    except LocksHeld as held:
        sys.stderr.write(f"{held}; nothing was changed: try again\n")
        return 1
    return 0


def _is_lock(error: DBAPIError) -> bool:
    """Whether a lock was not to be had in time, or two waited for each other: 55P03, 40P01."""
    return getattr(error.orig, "sqlstate", None) in {"55P03", "40P01"}


async def _with_connection(database_url: str, work: Any, patience: Patience = Patience()) -> None:
    database = Database(database_url, migrating=True)
    try:
        async with database.write() as session:
            connection = await session.connection()
            if database.dialect == "postgresql":
                # Whoever comes second waits, however long the first one takes, and then finds nothing left to do.
                await connection.execute(text("SET LOCAL statement_timeout = 0"))
                await connection.execute(text("SET LOCAL lock_timeout = 0"))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                # Who waits for a table makes all wait who come after: not for long, and then all go first once more.
                await connection.execute(text(f"SET LOCAL lock_timeout = '{patience.lock_seconds * 1000:.0f}ms'"))
            await connection.run_sync(work)
            if database.dialect == "sqlite":
                broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
                if broken:
                    raise RuntimeError(f"after migrating, {len(broken)} rows name others that are gone: {broken[:3]}")
    finally:
        await database.dispose()


def run_environment(metadata: MetaData) -> None:
    """Body of a service's `migrations/env.py`: run inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        include_name=lambda name, kind, _parents: not (kind in {"table", "index"} and str(name).startswith(_FOREIGN)),
    )
    with context.begin_transaction():
        context.run_migrations()


async def drift(database_url: str, package: str) -> None:
    """Raise where the models say something else than the migrations made (on an upgraded database)."""
    await _with_connection(database_url, lambda connection: command.check(_config(package, connection)))


async def new_revision(database_url: str, package: str, message: str) -> None:
    """Write a migration for what the models say and the (upgraded) database does not."""
    await _with_connection(
        database_url,
        lambda connection: command.revision(_config(package, connection), message, autogenerate=True),
    )


def main() -> None:
    """Write a migration: `python -m klaster_shared.migrations klaster_registry "add seats"`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("package")
    parser.add_argument("message")
    arguments = parser.parse_args()
    asyncio.run(_write(arguments.package, arguments.message))


async def _write(package: str, message: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/drift.db"
        await upgrade(url, package)
        await new_revision(url, package, message)


if __name__ == "__main__":
    main()
