"""Runs the gateway's background work as a process of its own: `python -m klaster_gateway.worker`."""

from klaster_gateway.database import METADATA, open_database
from klaster_gateway.hub import build_hub
from klaster_gateway.settings import Settings
from klaster_shared.worker import run_worker, work_until_told


async def work(settings: Settings) -> None:
    """Follow the feeds and deliver webhooks until a signal comes."""
    database = open_database(settings.database_url)
    hub = build_hub(database, settings)
    working = (hub.jobs, hub.deliverer)
    try:
        await work_until_told("gateway", settings, database=database, metadata=METADATA, working=working)
    finally:
        await hub.aclose()
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    run_worker("gateway", given, work(given))
