"""Makes the change log of events shorter: `python -m klaster_events.compact --keep-days 400`."""

import sys

from klaster_events.database import METADATA
from klaster_events.settings import Settings
from klaster_shared.compaction import main

if __name__ == "__main__":
    sys.exit(main("klaster_events", METADATA, lambda: Settings().database_url))
