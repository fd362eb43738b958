"""Secrets of the compose stack, made on its first start: `python -m deploy.containers.first_start`.

Each service gets a volume of its own (VOLUMES/<service>) with its database password and, where it signs, its private
key; the public keys lie in VOLUMES/public, and what the database server needs in VOLUMES/postgres. What exists stays.
`--rotate-keys` gives every service another key pair, while the stack runs and answers.
"""

import argparse
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.services import SERVICES, SIGNERS
from klaster_shared.keyfiles import create_key_files, rotate_keys
from klaster_shared.tokens import CLOCK_SKEW, LIFETIME

VOLUMES = Path("/volumes")
SERVICE_USER = 10001  # as in the Dockerfile


KEY_FILES = {name: VOLUMES / name / f"{name}.jwk" for name in SIGNERS}
JWKS = VOLUMES / "public" / "jwks.json"


def main() -> None:
    """Make what is missing; run as root, since each file is handed to the user who may read it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rotate-keys", action="store_true", help="new key pairs for all; nothing else is touched")
    if parser.parse_args().rotate_keys:
        rotate_keys(KEY_FILES, jwks=JWKS, kept=LIFETIME + CLOCK_SKEW, hand_over=_to_service)
        return
    passwords = _passwords(VOLUMES / "postgres")
    for service in SERVICES:
        # libpq's format, which the driver reads as well: no password stands in a variable or a URL.
        line = f"*:*:*:klaster_{service}:{passwords[service]}\n"
        _hand_over(VOLUMES / service / "pgpass", line, owner=SERVICE_USER)
    create_key_files(KEY_FILES, jwks=JWKS, hand_over=_to_service)
    for folder in ("seed", "erasures"):  # written by the services' own user
        shutil.chown(VOLUMES / folder, SERVICE_USER, SERVICE_USER)


def _passwords(folder: Path) -> Mapping[str, str]:
    """The server's own password and one per role, readable inside the volumes of the server alone."""
    file = folder / "roles.json"
    passwords: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    for name in ("postgres", *SERVICES):
        passwords.setdefault(name, secrets.token_hex(24))
    _hand_over(file, json.dumps(passwords), owner=SERVICE_USER)
    # The server's entrypoint reads it as root or as the server's own user, which differs between images.
    _hand_over(folder / "password", passwords["postgres"], owner=0, mode=0o444)
    return passwords


def _to_service(path: Path) -> None:
    """A private key, readable in its service's volume alone and by its user."""
    shutil.chown(path, SERVICE_USER, SERVICE_USER)


def _hand_over(path: Path, text: str, *, owner: int, mode: int = 0o400) -> None:
    """Write a file for its owner, whole or not at all; one that already says the same is left alone."""
    if path.exists() and path.read_text() == text:
        return
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
    draft.chmod(mode)
    shutil.chown(draft, owner, owner)
    draft.replace(path)


if __name__ == "__main__":
    main()
