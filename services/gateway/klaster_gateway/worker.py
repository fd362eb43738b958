"""Runs the gateway's background work as a process of its own: `python -m klaster_gateway.worker`."""

import asyncio
import signal

from klaster_gateway.database import METADATA, open_database
from klaster_gateway.hub import build_hub
from klaster_gateway.settings import Settings
from klaster_shared.logs import configure_logs
from klaster_shared.telemetry import configure_telemetry
from klaster_shared.watching.port import watched_worker


async def work(settings: Settings) -> None:
    """Follow the feeds and deliver webhooks until a signal comes; what is in hand is finished."""
    database = open_database(settings.database_url)
    hub = build_hub(database, settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    working = (hub.jobs, hub.deliverer)
    try:
        async with watched_worker("gateway", settings=settings, database=database, metadata=METADATA, working=working):
            await asyncio.gather(*(each.run(stop) for each in working))
    finally:
        await hub.aclose()
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    configure_logs(service="gateway", level=given.log_level, style=given.log_format)
    configure_telemetry("gateway-worker", given.otlp_endpoint)
    asyncio.run(work(given))
