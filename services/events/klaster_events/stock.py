"""What lies in the database of events, for backups: `python -m klaster_events.stock`."""

import sys

from klaster_events.database import METADATA, open_database
from klaster_events.figures.operations import COUNTABLE
from klaster_events.figures.routes import DEFINITIONS
from klaster_events.settings import Settings
from klaster_shared.stock import Stocktaking, main

if __name__ == "__main__":
    taking = Stocktaking("klaster_events", METADATA, open_database, DEFINITIONS, COUNTABLE)
    sys.exit(main(taking, Settings))
