"""Runs the gateway's background work as a process of its own: `python -m klaster_gateway.worker`."""

import asyncio
import signal

from klaster_gateway.database import open_database
from klaster_gateway.hub import build_hub
from klaster_gateway.settings import Settings
from klaster_shared.logs import configure_logs


async def work(settings: Settings) -> None:
    """Follow the feeds and deliver webhooks until a signal comes; what is in hand is finished."""
    database = open_database(settings.database_url)
    hub = build_hub(database, settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await asyncio.gather(hub.jobs.run(stop), hub.deliverer.run(stop))
    finally:
        await hub.aclose()
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    configure_logs(service="gateway", level=given.log_level, style=given.log_format)
    asyncio.run(work(given))
