"""Secrets of the compose stack, made on its first start: `python -m deploy.containers.first_start`.

Each service gets a volume of its own (VOLUMES/<service>) with its database password and, where it signs, its private
key; the public keys lie in VOLUMES/public, and what the database server needs in VOLUMES/postgres. What exists stays.
"""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.services import SERVICES, SIGNERS
from klaster_shared.tokens import create_keys

VOLUMES = Path("/volumes")
SERVICE_USER = 10001  # as in the Dockerfile


def main() -> None:
    """Make what is missing; run as root, since each file is handed to the user who may read it."""
    passwords = _passwords(VOLUMES / "postgres")
    for service in SERVICES:
        # libpq's format, which the driver reads as well: no password stands in a variable or a URL.
        line = f"*:*:*:klaster_{service}:{passwords[service]}\n"
        _hand_over(VOLUMES / service / "pgpass", line, owner=SERVICE_USER)
    _keys()
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


def _keys() -> None:
    """A key pair for each service that signs, the private half in its volume alone."""
    public: list[object] = []
    for name in SIGNERS:
        volume = VOLUMES / name
        create_keys([name], private=volume, jwks=volume / "public.jwks")
        shutil.chown(volume / f"{name}.jwk", SERVICE_USER, SERVICE_USER)
        public += json.loads((volume / "public.jwks").read_text())["keys"]
    _hand_over(VOLUMES / "public" / "jwks.json", json.dumps({"keys": public}), owner=0, mode=0o444)


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
