"""Loads taxonomies and demonstration data through the API: `python -m klaster_registry.seed --gateway URL`."""

import asyncio
import sys
from typing import Literal

from klaster_registry.seeding.load import clear_demonstration, load_belongings, load_organisations, load_taxonomies
from klaster_shared.seeding import Gateway, seed_arguments, seed_through

Part = Literal["all", "organisations", "belongings"]


async def seed(gateway: Gateway, *, demonstration: bool, clear: bool, part: Part = "all") -> None:
    """Load taxonomies, and the demonstration where it is wanted; or delete every demonstration row."""
    if clear:
        await clear_demonstration(gateway)
        return
    if part != "belongings":
        await load_taxonomies(gateway)
    if demonstration and part != "belongings":
        await load_organisations(gateway)
    if demonstration and part != "organisations":
        await load_belongings(gateway)


def main() -> int:
    """Load or clear as the command says."""
    parser = seed_arguments(__doc__)
    parser.add_argument(
        "--part",
        choices=("all", "organisations", "belongings"),
        default="all",
        help="the organisations alone, which others name, or what follows them: that can go on beside the others",
    )
    given = parser.parse_args()
    work = seed_through(
        given.gateway,
        "registry",
        lambda gateway: seed(gateway, demonstration=given.demo, clear=given.clear, part=given.part),
    )
    return asyncio.run(work)


if __name__ == "__main__":
    sys.exit(main())
