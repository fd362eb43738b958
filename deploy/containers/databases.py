"""The services' databases: `python -m deploy.containers.databases`, on the compose stack's server or on another.

`--server URL` names another: that of any of its databases, with a role that may create databases and roles.
"""

import argparse
import asyncio
import json
import os
from pathlib import Path

from deploy.databases import create_databases

ROLES = Path("/secrets/roles.json")  # written on the first start


def main() -> None:
    """Make what is missing, and see to it that the passwords are those of the secrets."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--server", default="", help="of a managed server (or in KLASTER_SERVER)")
    passwords = json.loads(ROLES.read_text())
    own = passwords.pop("postgres")
    server = parser.parse_args().server or os.environ.get("KLASTER_SERVER", "")
    asyncio.run(create_databases(server or f"postgresql://postgres:{own}@postgres/postgres", passwords))


if __name__ == "__main__":
    main()
