"""Runs this service's jobs as a process of its own: `python -m klaster_events.worker`."""

import asyncio
import signal

from klaster_events.background import build_jobs, build_post
from klaster_events.clients.registry import RegistryClient
from klaster_events.database import METADATA, open_database
from klaster_events.plans.working import planning_process
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.replaying import opened
from klaster_events.settings import Settings
from klaster_shared.logs import configure_logs
from klaster_shared.server import collect_less
from klaster_shared.telemetry import configure_telemetry
from klaster_shared.watching.port import watched_worker


async def work(settings: Settings) -> None:
    """Work until a signal comes; the job in hand is finished."""
    database = open_database(settings.database_url)
    registry = RegistryClient(settings.registry_url, settings.private_key_file)
    planning = planning_process()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        working = [build_jobs(database, registry, settings, planning), build_post(database, settings)]
        collect_less()
        async with (
            watched_worker("events", settings=settings, database=database, metadata=METADATA, working=working),
            opened(database, Ledger(settings.erasures_file)),
        ):
            await asyncio.gather(*(jobs.run(stop) for jobs in working))
    finally:
        await planning.aclose()
        await registry.aclose()
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    configure_logs(service="events", level=given.log_level, style=given.log_format)
    configure_telemetry("events-worker", given.otlp_endpoint)
    asyncio.run(work(given))
