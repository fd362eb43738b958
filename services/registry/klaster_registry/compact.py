"""Makes the change log of registry shorter: `python -m klaster_registry.compact --keep-days 400`."""

import sys

from klaster_registry.database import METADATA
from klaster_registry.settings import Settings
from klaster_shared.compaction import main

if __name__ == "__main__":
    sys.exit(main("klaster_registry", METADATA, lambda: Settings().database_url))
