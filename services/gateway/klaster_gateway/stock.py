"""What lies in the database of gateway, for backups: `python -m klaster_gateway.stock`."""

import sys

from klaster_gateway.database import METADATA, open_database
from klaster_gateway.settings import Settings
from klaster_shared.stock import Stocktaking, main

if __name__ == "__main__":
    taking = Stocktaking("klaster_gateway", METADATA, open_database)
    sys.exit(main(taking, Settings))
