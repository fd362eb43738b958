"""Where a database stands, and where it should: for a service that runs, which need not carry the migrating tool."""

import importlib
import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession

_TABLE, _STANDS_AT = "alembic_version", text("SELECT version_num FROM alembic_version")
_NAMED = re.compile(r"""^(revision|down_revision)\b[^=\n]*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)


@cache
def head(package: str) -> str:
    """The newest revision that the package knows, read from the files: Alembic itself weighs five megabytes."""
    folder = Path(str(importlib.import_module(package).__file__)).parent / "migrations" / "versions"
    stated: list[dict[str, str]] = [
        dict(_NAMED.findall(path.read_text(encoding="utf-8"))) for path in folder.glob("*.py")
    ]
    [newest] = {one["revision"] for one in stated} - {one["down_revision"] for one in stated}
    return newest


async def is_current(session: AsyncSession, package: str) -> bool:
    """Whether the database stands at the newest revision."""
    connection = await session.connection()
    return await connection.run_sync(_revision) == head(package)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_TABLE):
        return None
    found: str | None = connection.execute(_STANDS_AT).scalar()
    return found
