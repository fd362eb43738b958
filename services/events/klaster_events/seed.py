"""Loads types, kinds, consents and demonstration through the API: `python -m klaster_events.seed --gateway URL`."""

import asyncio
import sys
from functools import partial

from klaster_events.demonstration.load import (
    clear_demonstration,
    load_consents,
    load_demonstration,
    load_post_kinds,
    load_types,
)
from klaster_shared.dates import utc_now
from klaster_shared.seeding import Gateway, seed_arguments, seed_through


async def work(gateway: Gateway, *, demonstration: bool, clear: bool) -> None:
    """Load types, kinds and consents, and the demonstration where it is wanted; or take the demonstration away."""
    if clear:
        await clear_demonstration(gateway)
        return
    await load_types(gateway)
    await load_post_kinds(gateway)
    await load_consents(gateway)
    if demonstration:
        await load_demonstration(gateway, now=utc_now())


def main() -> int:
    """Read the command line, do the work, say what was done."""
    given = seed_arguments(__doc__).parse_args()
    steps = partial(work, demonstration=given.demo, clear=given.clear)
    return asyncio.run(seed_through(given.gateway, "events", steps))


if __name__ == "__main__":
    sys.exit(main())
