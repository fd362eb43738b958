"""`DATABASE=`: on a server whose role may create databases, one database and one role per service."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from deploy.local.errors import Refusal
from deploy.local.folder import write_secret


async def databases_on(server: str, services: Sequence[str], data: Path) -> dict[str, str]:
    """Each service's URL of its own database, made where it is missing; passwords are kept in the data folder.

    Raises Refusal where the server cannot be reached, or its role may not create databases and roles.
    """
    passwords = _passwords(data / "postgresql.json", services)
    try:
        admin = await asyncpg.connect(server, timeout=10)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise Refusal(f"the server that DATABASE= names does not let us in: {_sentence(error)}") from error
    try:
        for service in services:
            await _create(admin, f"klaster_{service}", passwords[service])
    except asyncpg.InsufficientPrivilegeError as error:
        raise Refusal(f"the role of DATABASE= may not create databases and roles: {_sentence(error)}") from error
    finally:
        await admin.close()
    return {service: _url(server, f"klaster_{service}", passwords[service]) for service in services}


async def _create(admin: asyncpg.Connection, name: str, password: str) -> None:
    """Role and database of one service. Passwords are letters and digits of our own making, so quoting them is safe."""
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


def _passwords(path: Path, services: Sequence[str]) -> dict[str, str]:
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    passwords = {service: known.get(service) or secrets.token_hex(24) for service in services}
    if passwords != known:
        write_secret(path, json.dumps(passwords))
    return passwords


def _url(server: str, name: str, password: str) -> str:
    """The same server, another role and database; what else the URL says (TLS, several hosts) stays."""
    parts = urlsplit(server)
    hosts = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(name)}:{password}@{hosts}", path=f"/{name}").geturl()


def _sentence(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
