"""Loads a file of ROR records into the registry's own database: `python -m klaster_registry.load FILE.jsonl[.gz]`."""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path

from klaster_registry.database import open_database
from klaster_registry.loading.files import lines_of, load_lines
from klaster_registry.loading.operations import Outcome, Rejection
from klaster_registry.loading.ror import entity_of
from klaster_registry.settings import Settings


async def load(path: Path, *, demonstration: bool, settings: Settings) -> tuple[Outcome, int]:
    """Load a file, saying on standard error what is rejected and why; the outcome, and how many were rejected."""
    rejected = 0

    def report(rejection: Rejection) -> None:
        nonlocal rejected
        rejected += 1
        reasons = "; ".join(f"{error['pointer'] or '/'} {error['detail']}" for error in rejection.errors)
        sys.stderr.write(f"line {rejection.line} ({rejection.key or 'no id'}): {reasons}\n")

    database = open_database(settings.database_url)
    try:
        read = partial(entity_of, demonstration=demonstration)
        return await load_lines(database, lines_of(path), read=read, report=report), rejected
    finally:
        await database.dispose()


def main() -> int:
    """Load as the command says; the exit status is 1 where records were rejected."""
    parser = argparse.ArgumentParser(prog="python -m klaster_registry.load", description=__doc__)
    parser.add_argument(
        "file", type=Path, help="one record a line, as ROR writes them (schema 2.x); gzip where it ends in .gz"
    )
    parser.add_argument("--demonstration", action="store_true", help="mark what is added as demonstration data")
    given = parser.parse_args()
    outcome, rejected = asyncio.run(load(given.file, demonstration=given.demonstration, settings=Settings()))
    counts = {name: getattr(outcome, name) for name in ("created", "updated", "unchanged", "kept")}
    said = ", ".join(f"{name} {count:,}" for name, count in {**counts, "rejected": rejected}.items())
    sys.stdout.write(f"{said}\n")
    if outcome.kinds:
        sys.stdout.write(f"kinds added: {', '.join(sorted(outcome.kinds))}\n")
    return 1 if rejected else 0


if __name__ == "__main__":
    sys.exit(main())
