"""One database and one role per service on a PostgreSQL server: made where missing, left alone where they are."""

from collections.abc import Mapping

import asyncpg


async def create_databases(server: str, passwords: Mapping[str, str]) -> None:
    """A database `klaster_<service>` for each service of `passwords`, owned by the role of that name.

    `server` is the URL of any database of a role that may create databases and roles. Raises what asyncpg raises.
    """
    admin = await asyncpg.connect(server, timeout=10)
    try:
        for service, password in passwords.items():
            await _create(admin, f"klaster_{service}", password)
    finally:
        await admin.close()


async def _create(admin: asyncpg.Connection, name: str, password: str) -> None:
    """Passwords are letters and digits of our own making, so quoting them is safe."""
    role_exists = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name)
    await admin.execute(f"{'ALTER' if role_exists else 'CREATE'} ROLE \"{name}\" LOGIN PASSWORD '{password}'")
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        # Only a member of a role (or a superuser) may give it a database.
        if not await admin.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            await admin.execute(f'GRANT "{name}" TO CURRENT_USER')
        # Collation C: sort keys made in Python compare byte by byte, the same as on SQLite.
        await admin.execute(
            f"CREATE DATABASE \"{name}\" OWNER \"{name}\" ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
        )
    await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
