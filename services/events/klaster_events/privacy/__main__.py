"""The ledger of erasures by hand: `python -m klaster_events.privacy` carries it out, after a backup was restored.

`--show` prints it, for a copy elsewhere; `--add` first takes in the lines of such a copy from standard input.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from klaster_events.database import open_database
from klaster_events.privacy.ledger import Entry, Ledger
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


def show(erased: Mapping[UUID, datetime]) -> str:
    """The lines of a ledger."""
    return "".join(f"{Entry(person_id=who, at=at).model_dump_json()}\n" for who, at in erased.items())


def main() -> int:
    """Do it and say what was done; 2 where no ledger is named."""
    parser = argparse.ArgumentParser(prog="python -m klaster_events.privacy", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="print the lines of the ledger")
    what.add_argument("--add", action="store_true", help="before, add the lines on standard input that it lacks")
    given = parser.parse_args()
    settings = Settings()
    if settings.erasures_file is None:
        sys.stderr.write("EVENTS_ERASURES_FILE names no ledger\n")
        return 2
    ledger = Ledger(settings.erasures_file)
    if given.show:
        sys.stdout.write(show(asyncio.run(ledger.erased())))
        return 0
    if given.add:
        asyncio.run(ledger.take_in(sys.stdin.buffer.read()))
    sys.stdout.write(f"erased again: {asyncio.run(work(settings))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
