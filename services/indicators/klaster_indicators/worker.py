"""Runs the service's jobs as a process of its own: `python -m klaster_indicators.worker`."""

from klaster_indicators.background import build_background
from klaster_indicators.database import METADATA, open_database
from klaster_indicators.settings import Settings
from klaster_shared.worker import run_worker, work_until_told


async def work(settings: Settings) -> None:
    """Work jobs off until a signal comes."""
    database = open_database(settings.database_url)
    background = build_background(database, settings)
    try:
        await work_until_told("indicators", settings, database=database, metadata=METADATA, working=[background.jobs])
    finally:
        await background.aclose()
        await database.dispose()


if __name__ == "__main__":
    given = Settings()
    run_worker("indicators", given, work(given))
