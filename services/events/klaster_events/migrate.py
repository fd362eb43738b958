"""Brings the database of events to the newest revision: `python -m klaster_events.migrate`."""

import sys

from klaster_events.settings import Settings
from klaster_shared.migrations import migrate

if __name__ == "__main__":
    sys.exit(migrate(Settings().database_url, "klaster_events"))
