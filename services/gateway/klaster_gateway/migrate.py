"""Brings the gateway's database to the newest revision: `python -m klaster_gateway.migrate`."""

import sys

from klaster_gateway.settings import Settings
from klaster_shared.migrations import migrate

if __name__ == "__main__":
    sys.exit(migrate(Settings().database_url, "klaster_gateway"))
