"""Replays the ledger of erasures by hand: `python -m klaster_events.privacy`, after a backup was restored."""

import asyncio
import sys

from klaster_events.database import open_database
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.replaying import replay_ledger
from klaster_events.settings import Settings
from klaster_shared.dates import utc_now


async def work(settings: Settings) -> int:
    """Replay it; how many people of the ledger were in the database."""
    database = open_database(settings.database_url)
    try:
        return await replay_ledger(database, Ledger(settings.erasures_file), now=utc_now())
    finally:
        await database.dispose()


def main() -> int:
    """Do it and say what was done; 2 where no ledger is named."""
    settings = Settings()
    if settings.erasures_file is None:
        sys.stderr.write("EVENTS_ERASURES_FILE names no ledger\n")
        return 2
    sys.stdout.write(f"erased again: {asyncio.run(work(settings))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
