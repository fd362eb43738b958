"""`DATABASE=`: the services' databases on a server whose role may create them."""

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.databases import create_databases
from deploy.local.errors import Refusal
from deploy.local.folder import write_secret


async def databases_on(server: str, services: Sequence[str], data: Path) -> dict[str, str]:
    """Each service's URL of its own database, made where it is missing; passwords are kept in the data folder.

    Raises Refusal where the server cannot be reached, or its role may not create databases and roles.
    """
    passwords = _passwords(data / "postgresql.json", services)
    try:
        await create_databases(server, passwords)
    except asyncpg.InsufficientPrivilegeError as error:
        raise Refusal(f"the role of DATABASE= may not create databases and roles: {_sentence(error)}") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise Refusal(f"the server that DATABASE= names does not let us in: {_sentence(error)}") from error
    return {service: _url(server, f"klaster_{service}", passwords[service]) for service in services}


def known_databases(server: str | None, services: Sequence[str], data: Path) -> dict[str, str]:
    """The URLs that a runner on the data folder has used before; none where it never ran on this server."""
    path = data / "postgresql.json"
    if server is None or not path.exists():
        return {}
    passwords = _passwords(path, services)
    return {service: _url(server, f"klaster_{service}", passwords[service]) for service in services}


def _passwords(path: Path, services: Sequence[str]) -> Mapping[str, str]:
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    passwords = {service: known.get(service) or secrets.token_hex(24) for service in services}
    if passwords != known:
        write_secret(path, json.dumps(passwords))
    return passwords


def _url(server: str, name: str, password: str) -> str:
    """The same server, another role and database; what else the URL says (TLS, several hosts) stays."""
    parts = urlsplit(server)
    hosts = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{name}:{password}@{hosts}", path=f"/{name}").geturl()


def _sentence(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
