"""Where a database stands, and where it should: for a service that runs, which need not carry the migrating tool."""

import importlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession

_TABLE, _STANDS_AT = "alembic_version", text("SELECT version_num FROM alembic_version")
_NAMED = re.compile(r"""^(revision|down_revision)\b[^=\n]*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)


@cache
def _stated(package: str) -> Mapping[str, str]:
    """Revisions and what each follows, read from the files: Alembic itself weighs five megabytes."""
    folder = Path(str(importlib.import_module(package).__file__)).parent / "migrations" / "versions"
    stated = [dict(_NAMED.findall(path.read_text(encoding="utf-8"))) for path in folder.glob("*.py")]
    return {one["revision"]: one["down_revision"] for one in stated}


@cache
def head(package: str) -> str:
    """The newest revision that the package knows."""
    stated = _stated(package)
    [newest] = stated.keys() - set(stated.values())
    return newest


def knows(package: str, revision: str) -> bool:
    """Whether a revision is one of the package's own: one that is not was made by a newer release."""
    return revision in _stated(package)


async def is_current(session: AsyncSession, package: str) -> bool:
    """Whether the database stands at the newest revision, or at one of a newer release.

    The release before works on what the next one made of its tables (they are widened first, and narrowed a release
    later): while one takes the other's place, and after a way back, it is ready.
    """
    found = await revision_of(session)
    return found is not None and (found == head(package) or not knows(package, found))


async def revision_of(session: AsyncSession) -> str | None:
    """Where the database stands; None where nothing was ever migrated."""
    return await (await session.connection()).run_sync(stands_at)


def stands_at(connection: Connection) -> str | None:
    """The same, of a connection."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found: str | None = connection.execute(_STANDS_AT).scalar()
    return found
