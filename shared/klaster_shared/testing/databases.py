"""Databases for tests: one migrated template per service and engine, a fresh copy of it per test."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import PostgresServer, cloned_database, make_template


@asynccontextmanager
async def sqlite_copy(package: str, *, templates: Path, folder: Path) -> AsyncIterator[str]:
    """The URL of a fresh SQLite database of a service."""
    template = templates / f"{package}.db"
    if not template.exists():
        draft = template.with_suffix(".draft")
        await upgrade(f"sqlite+aiosqlite:///{draft}", package)
        draft.rename(template)
    copy = folder / f"{package}.db"
    shutil.copy(template, copy)
    yield f"sqlite+aiosqlite:///{copy}"


@asynccontextmanager
async def postgresql_copy(package: str, server: PostgresServer) -> AsyncIterator[str]:
    """The URL of a fresh PostgreSQL database of a service."""
    template = await make_template(server, package, lambda url: upgrade(url, package))
    async with cloned_database(server, template) as url:
        yield url
