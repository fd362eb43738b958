"""The services' databases on the compose stack's server: `python -m deploy.containers.databases`."""

import asyncio
import json
from pathlib import Path

from deploy.databases import create_databases

ROLES = Path("/secrets/roles.json")  # written on the first start


def main() -> None:
    """Make what is missing, and see to it that the passwords are those of the secrets."""
    passwords = json.loads(ROLES.read_text())
    own = passwords.pop("postgres")
    asyncio.run(create_databases(f"postgresql://postgres:{own}@postgres/postgres", passwords))


if __name__ == "__main__":
    main()
