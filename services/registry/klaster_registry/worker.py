"""Runs the service's jobs as a process of its own: `python -m klaster_registry.worker`."""

from klaster_registry.database import METADATA, open_database
from klaster_registry.housekeeping import housekeeping_jobs
from klaster_registry.settings import Settings
from klaster_shared.worker import run_worker, work_until_told


async def work(settings: Settings) -> None:
    """Work jobs off until a signal comes."""
    database = open_database(settings.database_url)
    working = [housekeeping_jobs(database, zone=settings.zone)]
    try:
        await work_until_told("registry", settings, database=database, metadata=METADATA, working=working)
    finally:
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    run_worker("registry", given, work(given))
