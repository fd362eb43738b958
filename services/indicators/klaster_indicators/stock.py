"""What lies in the database of indicators, for backups: `python -m klaster_indicators.stock`."""

import sys

from klaster_indicators.database import METADATA, open_database
from klaster_indicators.settings import Settings
from klaster_shared.stock import Stocktaking, main

if __name__ == "__main__":
    taking = Stocktaking("klaster_indicators", METADATA, open_database)
    sys.exit(main(taking, Settings))
