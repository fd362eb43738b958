"""Brings the service's database to the newest revision: `python -m klaster_indicators.migrate`."""

import asyncio

from klaster_indicators.settings import Settings
from klaster_shared.migrations import upgrade

if __name__ == "__main__":
    asyncio.run(upgrade(Settings().database_url, "klaster_indicators"))
