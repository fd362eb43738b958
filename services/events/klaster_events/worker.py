"""Runs this service's jobs as a process of its own: `python -m klaster_events.worker`."""

from klaster_events.background import build_jobs, build_post
from klaster_events.clients.registry import RegistryClient
from klaster_events.database import METADATA, open_database
from klaster_events.plans.working import planning_process
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.replaying import opened
from klaster_events.settings import Settings
from klaster_shared.worker import run_worker, work_until_told


async def work(settings: Settings) -> None:
    """Work until a signal comes; nothing is done before erasures are replayed."""
    database = open_database(settings.database_url)
    registry = RegistryClient(settings.registry_url, settings.private_key_file)
    planning = planning_process()
    try:
        working = [build_jobs(database, registry, settings, planning), build_post(database, settings)]
        async with opened(database, Ledger(settings.erasures_file)):
            await work_until_told("events", settings, database=database, metadata=METADATA, working=working)
    finally:
        await planning.aclose()
        await registry.aclose()
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    run_worker("events", given, work(given))
