"""What lies in the database of registry, for backups: `python -m klaster_registry.stock`."""

import sys

from klaster_registry.database import METADATA, open_database
from klaster_registry.figures.operations import COUNTABLE
from klaster_registry.figures.routes import DEFINITIONS
from klaster_registry.settings import Settings
from klaster_shared.stock import Stocktaking, main

if __name__ == "__main__":
    taking = Stocktaking("klaster_registry", METADATA, open_database, DEFINITIONS, COUNTABLE)
    sys.exit(main(taking, Settings))
