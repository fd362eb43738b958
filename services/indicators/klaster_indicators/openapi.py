"""Prints the contract: `python -m klaster_indicators.openapi > services/indicators/openapi.json`."""

import sys
from pathlib import Path

from klaster_indicators.main import create_app
from klaster_indicators.settings import Settings
from klaster_shared.contract import contract_text

# Nothing is connected to or read: the contract follows from the code alone.
NOWHERE = Settings(database_url="postgresql://contract@localhost/contract", jwks_file=Path("none"), port=8002)

if __name__ == "__main__":
    sys.stdout.write(contract_text(create_app(NOWHERE)))
