"""Prints the contract of events: `python -m klaster_events.openapi > services/events/openapi.json`."""

import sys
from pathlib import Path

from klaster_events.main import create_app
from klaster_events.settings import Settings
from klaster_shared.contract import contract_text

# Nothing is connected to or read: the contract follows from the code alone.
NOWHERE = Settings(database_url="postgresql://contract@localhost/contract", jwks_file=Path("none"), port=8003)

if __name__ == "__main__":
    sys.stdout.write(contract_text(create_app(NOWHERE)))
