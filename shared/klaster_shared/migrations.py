"""Migrations of one service: run as a step of their own, safe when two run at once."""

import argparse
import asyncio
import importlib
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from klaster_shared.database import Database
from klaster_shared.revisions import is_current

_LOCK = 0x6B6C6173_6D6967
# Tables of a database engine's own making, and text indexes with their shadow tables, are no drift: one engine has
# what the other lacks, so that models cannot name them.
_FOREIGN = ("sqlite_", "search_fts")


def _config(package: str, connection: Connection | None = None) -> Config:
    config = Config()
    folder = Path(str(importlib.import_module(package).__file__)).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def upgrade(database_url: str, package: str, *, to: str = "head") -> None:
    """Bring the database to the newest revision, or to the one named."""
    if to == "head" and await _stands_at_head(database_url, package):
        return  # the ordinary start: what migrating takes is not even read
    await _with_connection(database_url, lambda connection: command.upgrade(_config(package, connection), to))


async def _stands_at_head(database_url: str, package: str) -> bool:
    database = Database(database_url)
    try:
        async with database.read() as session:
            return await is_current(session, package)
    finally:
        await database.dispose()


async def _with_connection(database_url: str, work: Any) -> None:
    database = Database(database_url, migrating=True)
    try:
        async with database.write() as session:
            connection = await session.connection()
            if database.dialect == "postgresql":
                # Whoever comes second waits, and then finds nothing left to do.
                await connection.execute(text("SET LOCAL statement_timeout = 0"))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
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
