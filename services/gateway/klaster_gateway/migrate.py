"""Brings the gateway's database to the newest revision: `python -m klaster_gateway.migrate`."""

import asyncio

from klaster_gateway.settings import Settings
from klaster_shared.migrations import upgrade

if __name__ == "__main__":
    asyncio.run(upgrade(Settings().database_url, "klaster_gateway"))
