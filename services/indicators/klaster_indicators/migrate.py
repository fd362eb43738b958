"""Brings the service's database to the newest revision: `python -m klaster_indicators.migrate`."""

import sys

from klaster_indicators.settings import Settings
from klaster_shared.migrations import migrate

if __name__ == "__main__":
    sys.exit(migrate(Settings().database_url, "klaster_indicators"))
