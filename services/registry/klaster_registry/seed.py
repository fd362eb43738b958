"""Loads taxonomies and demonstration data through the API: `python -m klaster_registry.seed --gateway URL`."""

import asyncio
import sys

from klaster_registry.seeding.load import clear_demonstration, load_demonstration, load_taxonomies
from klaster_shared.seeding import Gateway, seed_arguments, seed_through


async def seed(gateway: Gateway, *, demonstration: bool, clear: bool) -> None:
    """Load taxonomies, and the demonstration where it is wanted; or delete every demonstration row."""
    if clear:
        await clear_demonstration(gateway)
        return
    await load_taxonomies(gateway)
    if demonstration:
        await load_demonstration(gateway)


def main() -> int:
    """Load or clear as the command says."""
    given = seed_arguments(__doc__).parse_args()
    work = seed_through(
        given.gateway, "registry", lambda gateway: seed(gateway, demonstration=given.demo, clear=given.clear)
    )
    return asyncio.run(work)


if __name__ == "__main__":
    sys.exit(main())
