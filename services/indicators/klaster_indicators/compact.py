"""Makes the change log of indicators shorter: `python -m klaster_indicators.compact --keep-days 400`."""

import sys

from klaster_indicators.database import METADATA
from klaster_indicators.settings import Settings
from klaster_shared.compaction import main

if __name__ == "__main__":
    sys.exit(main("klaster_indicators", METADATA, lambda: Settings().database_url))
