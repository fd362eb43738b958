"""Brings the database of events to the newest revision: `python -m klaster_events.migrate`."""

import asyncio

from klaster_events.settings import Settings
from klaster_shared.migrations import upgrade

if __name__ == "__main__":
    asyncio.run(upgrade(Settings().database_url, "klaster_events"))
