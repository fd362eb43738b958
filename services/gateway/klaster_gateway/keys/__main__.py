"""Makes keys from a shell: `python -m klaster_gateway.keys create --role admin --name NAME`. Prints the key alone."""

import argparse
import asyncio
import os
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TextIO
from uuid import UUID

from pydantic import ValidationError

from klaster_gateway.contract.committed import committed_contract
from klaster_gateway.database import open_database
from klaster_gateway.keys.making import ADMIN
from klaster_gateway.keys.operations import create_key, lasting_admin_key_exists
from klaster_gateway.keys.schemas import KeyCreate
from klaster_gateway.keys.scopes import scopes_of_roles
from klaster_gateway.settings import Settings
from klaster_shared.database import Actor
from klaster_shared.dates import utc_now
from klaster_shared.errors import Problem

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
SHELL = Actor(subject="shell", role="admin")


def duration(text: str) -> timedelta:
    """`90m`, `1h` or `30d`."""
    match = re.fullmatch(r"([1-9]\d{0,4})([mhd])", text)
    if not match:
        raise argparse.ArgumentTypeError("write a duration as 90m, 1h or 30d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m klaster_gateway.keys", description=__doc__)
    create = parser.add_subparsers(dest="command", required=True).add_parser("create", help="make a key and print it")
    create.add_argument("--role", required=True, help="integrator, partner, device, office or admin")
    create.add_argument("--name", required=True, help="what or whom it is for")
    create.add_argument("--expires-in", type=duration, help="90m, 1h, 30d; without it the key does not end by itself")
    create.add_argument("--entity", type=UUID, help="the entity that a partner's key speaks for")
    create.add_argument("--scope", action="append", dest="scopes", help="narrow it to this scope; may be repeated")
    create.add_argument("--to", type=Path, help="write it to this file, which its owner alone may read")
    create.add_argument("--if-none", action="store_true", help="do nothing where a lasting admin key exists")
    return parser.parse_args()


async def _create(arguments: argparse.Namespace) -> str:
    now = utc_now()
    wanted = KeyCreate(
        name=arguments.name,
        role=arguments.role,
        entity=arguments.entity,
        scopes=arguments.scopes,
        expires_at=now + arguments.expires_in if arguments.expires_in else None,
    )
    database = open_database(Settings().database_url)
    try:
        async with database.write(actor=SHELL) as session:
            if arguments.if_none and await lasting_admin_key_exists(session):
                return ""
            scopes = scopes_of_roles(committed_contract())
            _key, text = await create_key(session, wanted=wanted, by=ADMIN, scopes=scopes, now=now)
        return text
    finally:
        await database.dispose()


def main() -> None:
    """Make a key, or say in one sentence why not."""
    arguments = _arguments()
    try:
        # Opened before there is a key: one that cannot be written down would open doors and be known to nobody.
        with _opened(arguments.to) as out:
            text = asyncio.run(_create(arguments))
            if text:
                print(text, file=out)
    except ValidationError as error:
        raise SystemExit("; ".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors())) from None
    except Problem as problem:
        raise SystemExit(problem.detail) from None


def _opened(file: Path | None) -> AbstractContextManager[TextIO]:
    """Where the key goes: a new file, since an old one may be readable by others, or standard output."""
    if file is None:
        return nullcontext(sys.stdout)
    try:
        file.unlink(missing_ok=True)
        return open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise SystemExit(f"{file}: {error.strerror}") from None


if __name__ == "__main__":
    main()
